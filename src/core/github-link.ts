/**
 * The address of the next page out of a Link field (RFC 8288), null on the last one. One of another origin than the list
 * itself is none: whoever can write that field must not choose where a token goes.
 */
export function nextPage(link: string | null, list: URL): URL | null {
  for (const [, target = '', params = ''] of (link ?? '').matchAll(/<([^<>]{1,2000})>([^<]*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([\w-]+))/i.exec(params)
    if (!(rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) continue
    const url = URL.parse(target, list)
    if (url !== null && url.origin === list.origin && url.href !== list.href) return url
  }
  return null
}
