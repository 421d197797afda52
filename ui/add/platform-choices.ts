/** The platforms that a registry has in place of one that it has not, as the sentence of a `no-platform` error lists them. */
export function platformChoices(message: string): readonly string[] {
  const [, list = ''] = /; there is (.+?)(?: and \d+ more)?\.$/.exec(message) ?? []
  return list.split(', ').filter((one) => /^[a-z\d]+\/[a-z\d_]+(?:\/[a-z\d.]+)?$/.test(one))
}
