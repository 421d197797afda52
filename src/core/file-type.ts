const extension = /[^.]\.((?:tar\.)?[a-z0-9][a-z0-9+-]{0,15})$/i

/**
 * The type of a file by its name: the extension in lower case without its dot, `tar.gz` and its like kept whole. What is
 * no plain extension (none, hidden, other letters than ASCII, longer than 16) is `unknown`; at most 20 characters.
 */
export function fileType(filename: string): string {
  return extension.exec(filename.slice(-40))?.[1]?.toLowerCase() ?? 'unknown'
}
