/** Whether a failed attempt is tried again after a pause, or not at all. */
export type RetryClass = 'backoff' | 'never'

interface ErrorKind {
  /** Exit code of the command line (contract: 0-9, 130). */
  readonly exit: number
  /** Status of the API problem. */
  readonly http: number
  readonly retry: RetryClass
  /** What the user can do next, unless the place that throws knows better. */
  readonly hint: string
}

/**
 * Every failure that Sluice can report, once: exit codes, API problems and docs come from this table.
 * Codes are stable; add rows, never rename one.
 */
export const errorKinds = {
  usage: { exit: 2, http: 400, retry: 'never', hint: 'See --help for the accepted forms.' },
  'bad-url': { exit: 2, http: 400, retry: 'never', hint: 'Give an address that begins with http:// or https://.' },
  dns: { exit: 3, http: 502, retry: 'backoff', hint: 'Check the host name and the network connection.' },
  'connect-refused': {
    exit: 3,
    http: 502,
    retry: 'backoff',
    hint: 'Nothing listens there; check host and port, or try later.',
  },
  'connect-failed': { exit: 3, http: 502, retry: 'backoff', hint: 'Check the network connection, or try later.' },
  'connect-timeout': {
    exit: 3,
    http: 504,
    retry: 'backoff',
    hint: 'The server does not answer; try later or raise --connect-timeout.',
  },
  'headers-timeout': {
    exit: 3,
    http: 504,
    retry: 'backoff',
    hint: 'The server accepted the request and stayed silent; try later.',
  },
  stalled: { exit: 3, http: 504, retry: 'backoff', hint: 'No bytes came; run the same line again to go on from here.' },
  'overall-timeout': {
    exit: 3,
    http: 504,
    retry: 'never',
    hint: 'Run the same line again to go on from here, or raise --timeout.',
  },
  'connection-lost': { exit: 3, http: 502, retry: 'backoff', hint: 'Run the same line again to go on from here.' },
  'short-body': {
    exit: 3,
    http: 502,
    retry: 'backoff',
    hint: 'The server ended early; run the same line again to go on from here.',
  },
  'bad-response': {
    exit: 3,
    http: 502,
    retry: 'backoff',
    hint: 'The server broke the HTTP protocol; try another mirror.',
  },
  'head-too-large': {
    exit: 3,
    http: 502,
    retry: 'never',
    hint: 'The answer is not one that a file server gives; check the address.',
  },
  proxy: { exit: 3, http: 502, retry: 'backoff', hint: 'Check --proxy and the proxy variables of the environment.' },
  'too-many-redirects': {
    exit: 3,
    http: 502,
    retry: 'never',
    hint: 'Open the address in a browser to see where it leads.',
  },
  'redirect-refused': { exit: 3, http: 502, retry: 'never', hint: 'Use the final address directly if you trust it.' },
  'private-address': {
    exit: 3,
    http: 403,
    retry: 'never',
    hint: 'Use --allow-private if you trust the server that redirects there.',
  },
  tls: { exit: 7, http: 502, retry: 'never', hint: 'If you trust this server, pass its certificate with --cacert.' },
  'http-status': { exit: 4, http: 502, retry: 'never', hint: 'Check the address.' },
  'http-unauthorized': {
    exit: 4,
    http: 502,
    retry: 'never',
    hint: 'Give user and password in the URL or in ~/.netrc, or a token with -H.',
  },
  'http-forbidden': { exit: 4, http: 502, retry: 'never', hint: 'The link may have expired or needs a login.' },
  'http-not-found': {
    exit: 4,
    http: 502,
    retry: 'never',
    hint: 'Check the address for typing errors; the file may have moved.',
  },
  'http-busy': { exit: 4, http: 503, retry: 'backoff', hint: 'The server is busy or limits requests; try later.' },
  'http-server-error': { exit: 4, http: 502, retry: 'backoff', hint: 'The server has a problem; try later.' },
  'range-refused': { exit: 4, http: 502, retry: 'backoff', hint: 'The server does not resume; run with -x 1.' },
  'range-mismatch': { exit: 5, http: 502, retry: 'backoff', hint: 'The server answers ranges wrongly; run with -x 1.' },
  'remote-changed': {
    exit: 5,
    http: 409,
    retry: 'never',
    hint: 'Remove the .part file, or use --if-changed restart, to fetch the new file.',
  },
  'mirror-differs': { exit: 5, http: 409, retry: 'never', hint: 'Leave that mirror out, or give a checksum.' },
  'digest-mismatch': {
    exit: 5,
    http: 502,
    retry: 'never',
    hint: 'Compare the checksum with its source; the file may be damaged or replaced at the server.',
  },
  'size-mismatch': { exit: 5, http: 502, retry: 'never', hint: 'The file at the server is not the expected one.' },
  'not-the-file': {
    exit: 5,
    http: 502,
    retry: 'never',
    hint: 'The server sent a web page; log in or use the direct link. --allow-html saves it anyway.',
  },
  'bad-encoding': {
    exit: 5,
    http: 502,
    retry: 'never',
    hint: 'The server encodes the file wrongly; try another mirror.',
  },
  'disk-full': {
    exit: 6,
    http: 507,
    retry: 'never',
    hint: 'Free some space, then run the same line again: the part is kept.',
  },
  'disk-permission': { exit: 6, http: 500, retry: 'never', hint: 'Choose a folder that you may write to, with --dir.' },
  disk: { exit: 6, http: 500, retry: 'never', hint: 'Check the disk and the folder.' },
  'target-exists': { exit: 8, http: 409, retry: 'never', hint: 'Use --if-exists rename, overwrite or skip.' },
  'in-use': {
    exit: 1,
    http: 409,
    retry: 'never',
    hint: 'Another Sluice is fetching this file into this folder; wait for it.',
  },
  duplicate: {
    exit: 8,
    http: 409,
    retry: 'never',
    hint: 'Use the download that is there already, or add it again with ifDuplicate "add".',
  },
  'wrong-state': { exit: 1, http: 409, retry: 'never', hint: 'Look at its status first: sluice list.' },
  unauthorized: {
    exit: 4,
    http: 401,
    retry: 'never',
    hint: 'Give the token of the daemon: SLUICE_TOKEN, or a Bearer token.',
  },
  'foreign-origin': { exit: 4, http: 403, retry: 'never', hint: 'Use the page that the daemon itself serves.' },
  'foreign-host': {
    exit: 4,
    http: 403,
    retry: 'never',
    hint: 'Use the address that the daemon printed, or start it with --allow-host NAME.',
  },
  'method-not-allowed': { exit: 2, http: 405, retry: 'never', hint: 'See /api/docs for the methods of each route.' },
  'too-large': { exit: 2, http: 413, retry: 'never', hint: 'Send less at once.' },
  'too-many-requests': { exit: 4, http: 429, retry: 'backoff', hint: 'Send requests more slowly.' },
  'already-running': {
    exit: 1,
    http: 409,
    retry: 'never',
    hint: 'Use the daemon that runs, or give this one another --data-dir.',
  },
  stopping: { exit: 3, http: 503, retry: 'backoff', hint: 'Wait until the daemon runs again.' },
  database: { exit: 6, http: 500, retry: 'never', hint: 'Check the database; sluice doctor tells more.' },
  'not-found': { exit: 9, http: 404, retry: 'never', hint: 'Check the name.' },
  'bad-model-name': {
    exit: 2,
    http: 400,
    retry: 'never',
    hint: 'Write it as model, model:tag, namespace/model:tag or host/namespace/model:tag.',
  },
  'model-not-found': {
    exit: 9,
    http: 404,
    retry: 'never',
    hint: 'Check name and tag for typing errors; a private model needs a login (docker login).',
  },
  'no-platform': { exit: 9, http: 404, retry: 'never', hint: 'Choose one that exists with --platform os/arch.' },
  'bad-manifest': {
    exit: 5,
    http: 502,
    retry: 'never',
    hint: 'Nothing was written. Ask whoever runs the registry; another tag may be in order.',
  },
  'realm-refused': {
    exit: 4,
    http: 502,
    retry: 'never',
    hint: 'The registry asks for a login at a server that it has no right to speak for; credentials were not sent.',
  },
  'answer-too-large': {
    exit: 5,
    http: 502,
    retry: 'never',
    hint: 'The answer is larger than any right one; check the address.',
  },
  'bad-archive': {
    exit: 5,
    http: 422,
    retry: 'never',
    hint: 'Nothing was installed. Get the archive again from its source.',
  },
  'release-not-found': {
    exit: 9,
    http: 404,
    retry: 'never',
    hint: 'Check owner, name and tag; --list shows what a release has.',
  },
  'asset-not-found': {
    exit: 9,
    http: 404,
    retry: 'never',
    hint: 'See what there is with --list, or choose with --asset.',
  },
  'asset-ambiguous': { exit: 9, http: 409, retry: 'never', hint: 'Choose one with --asset PATTERN.' },
  'rate-limited': {
    exit: 4,
    http: 503,
    retry: 'never',
    hint: 'Set GITHUB_TOKEN to a token of GitHub for a higher limit, or wait.',
  },
  'no-digest': { exit: 5, http: 502, retry: 'never', hint: 'Leave --strict out to take it without a check.' },
  'unsupported-platform': {
    exit: 2,
    http: 400,
    retry: 'never',
    hint: 'Choose one of linux, darwin and windows, each with amd64 or arm64.',
  },
  'not-loadable': { exit: 1, http: 422, retry: 'never', hint: 'See what this machine has: sluice llama detect-gpu.' },
  'not-loaded': { exit: 1, http: 409, retry: 'never', hint: 'Load a library first: loadLibrary().' },
  interrupted: { exit: 130, http: 409, retry: 'never', hint: 'Run the same line again to go on from here.' },
  internal: {
    exit: 1,
    http: 500,
    retry: 'never',
    hint: 'This is a fault of Sluice; please report it with the output of --verbose.',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

export interface ErrorDetails {
  readonly hint?: string
  readonly cause?: unknown
  readonly retry?: RetryClass
  /** HTTP status that led here, where one did. */
  readonly status?: number
  /** Seconds the server asked to wait before the next request to its host. */
  readonly retryAfter?: number
}

/** The one error class. `message` is one plain sentence without secrets, addresses of user information removed. */
export class SluiceError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly retry: RetryClass
  readonly status: number | undefined
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'SluiceError'
    this.code = code
    this.hint = details.hint ?? errorKinds[code].hint
    this.retry = details.retry ?? errorKinds[code].retry
    this.status = details.status
    this.retryAfter = details.retryAfter
  }

  get exitCode(): number {
    return errorKinds[this.code].exit
  }

  get retryable(): boolean {
    return this.retry !== 'never'
  }
}

/** Gives any thrown value back as a SluiceError; one that is already is returned as it is. */
export function asSluiceError(value: unknown): SluiceError {
  if (value instanceof SluiceError) return value
  const message = value instanceof Error ? value.message : String(value)
  return new SluiceError('internal', `Something unexpected happened: ${message}`, { cause: value })
}
