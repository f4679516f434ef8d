/// A word as it is typed into a shell.
enum ShellWord {
  /// The word itself where no shell takes its characters for more than they are, else in quotes.
  static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy { character in
      character.isASCII
        && (character.properties.isAlphabetic || "_-./=:,%@+".unicodeScalars.contains(character))
        || ("0"..."9").contains(character)
    }
    guard word.isEmpty || !isPlain else { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
