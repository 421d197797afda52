/** The part of a refusal that is about this field, without its name in front, as it stands right at the field. */
export function fieldError(key: string, message: string): string {
  const about = message
    .replace(/\.$/, '')
    .split('; ')
    .filter((part) => part.startsWith(`${key}:`) || part.startsWith(`${key}.`))
    .map((part) => part.slice(part.indexOf(': ') + 2))
  if (about.length === 0) return message
  const sentence = about.join('; ')
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}
