/** How somebody is known to a registry. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token of OAuth2; `username` may be empty. */
  | { readonly kind: 'identity'; readonly username: string; readonly token: string }
  /** A token that the registry itself takes. */
  | { readonly kind: 'bearer'; readonly token: string }

/** What a credential helper and a configuration file write in place of a name beside an identity token. */
export const tokenUser = '<token>'

/** The value of an Authorization field with user and password (RFC 7617, in UTF-8). */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}
