/// The looks of the page: nothing from outside, readable on a phone, on paper and in grey.
enum PageStyle {
  static let css = """
    :root { color-scheme: light; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem; color: #1a1a1a;
      background: #fff; font: 16px/1.55 "Liberation Sans", Arial, Helvetica, sans-serif; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
    h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; padding-top: .75rem;
      border-top: 2px solid #1a1a1a; }
    h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
    p, ul { margin: .5rem 0 .75rem; max-width: 46rem; overflow-wrap: anywhere; }
    li { margin: .3rem 0; }
    .facts { color: #444; margin: 0 0 1.25rem; }
    .answer { border-left: 5px solid #0072b2; background: #f3f7fa; padding: .75rem 1.1rem;
      margin: 1rem 0; }
    .answer p { margin: .35rem 0; max-width: none; }
    .warning { border-left: 5px solid #b14a00; background: #fdf5ef; padding: .5rem 1.1rem; }
    figure { margin: 1.25rem 0 1.5rem; }
    figure .drawing { overflow-x: auto; }
    figure svg { display: block; width: 100%; min-width: 36rem; height: auto; }
    figcaption { color: #444; font-size: .875rem; margin-top: .5rem; max-width: 52rem; }
    figcaption p { margin: .25rem 0; max-width: none; }
    .scroll { overflow-x: auto; margin: .75rem 0; }
    table { border-collapse: collapse; font-size: .8125rem; line-height: 1.4; }
    th, td { padding: .25rem .6rem; text-align: left; vertical-align: top;
      border-bottom: 1px solid #ddd; }
    thead th { border-bottom: 2px solid #666; vertical-align: bottom; }
    tbody th { font-weight: normal; }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    td.number { white-space: nowrap; }
    table.wide { font-size: .75rem; }
    table.wide th, table.wide td { padding: .25rem .4rem; }
    table.wide td.number { white-space: normal; }
    tr.total > * { border-top: 2px solid #666; font-weight: bold; }
    details { margin: .5rem 0; }
    summary { cursor: pointer; color: #00507d; font-size: .9rem; }
    code, pre { font: .85rem/1.5 "Liberation Mono", "DejaVu Sans Mono", monospace; }
    pre { background: #f5f5f5; padding: .75rem 1rem; overflow-x: auto; white-space: pre-wrap;
      overflow-wrap: anywhere; }
    nav { font-size: .9rem; margin: 1rem 0; line-height: 2; }
    nav a { color: #00507d; margin-right: 1rem; white-space: nowrap; }
    @media (max-width: 40rem) { body { padding: 1rem .8rem 3rem; font-size: 15px; }
      h1 { font-size: 1.4rem; } }
    .paper { display: none; }
    @media print { body { max-width: none; padding: 0; font-size: 10.5pt; }
      nav, details { display: none; } .paper, details.counts { display: block; }
      details.counts > :not(summary) { display: none; } details.counts > summary { color: #1a1a1a; }
      h2, h3 { break-after: avoid; }
      .answer, figure .drawing, tr { break-inside: avoid; } figure svg { min-width: 0; }
      .scroll, figure .drawing { overflow: visible; } table { font-size: 7.5pt; }
      th, td { padding: .1rem .3rem; } table.wide { font-size: 6.5pt; width: 100%; }
      table.wide th, table.wide td { padding: .1rem .2rem; } }
    """
}
