import type { OptionSpec } from './option-spec.ts'

/** The options of `get`, by name. */
export type OptionName =
  | 'dir'
  | 'output'
  | 'input'
  | 'if-exists'
  | 'if-changed'
  | 'allow-html'
  | 'dry-run'
  | 'sha256'
  | 'checksum'
  | 'connections'
  | 'jobs'
  | 'limit-rate'
  | 'mirror'
  | 'header'
  | 'user-agent'
  | 'referer'
  | 'cookie-file'
  | 'retries'
  | 'timeout'
  | 'connect-timeout'
  | 'stall-timeout'
  | 'proxy'
  | 'cacert'
  | 'insecure'
  | 'ipv4'
  | 'ipv6'
  | 'allow-private'
  | 'json'
  | 'quiet'
  | 'no-progress'
  | 'verbose'
  | 'help'
  | 'no-sync'

/**
 * Every option of `sluice get`, once: flags, environment, configuration file and help come from this table.
 * A flag wins over the environment, that over the file, that over the default.
 */
export const getOptions: ReadonlyArray<OptionSpec & { readonly name: OptionName }> = [
  {
    name: 'dir',
    short: 'd',
    kind: 'path',
    default: '.',
    env: 'SLUICE_DIR',
    file: true,
    value: 'DIR',
    group: 'Files',
    help: 'Folder for the files; made when missing. Default: the current folder.',
  },
  { name: 'output', short: 'o', kind: 'path', value: 'FILE', group: 'Files', help: 'Name for a single file.' },
  {
    name: 'input',
    short: 'i',
    kind: 'path',
    value: 'FILE|-',
    group: 'Files',
    help: 'Read references from a list, one a line; option lines below a reference: out=NAME, dir=DIR, checksum=ALGO=HEX.',
  },
  {
    name: 'if-exists',
    kind: 'choice',
    choices: ['rename', 'overwrite', 'skip', 'fail'],
    default: 'rename',
    env: 'SLUICE_IF_EXISTS',
    file: true,
    value: 'WHAT',
    group: 'Files',
    help: 'When the name is taken: rename, overwrite, skip or fail. Default: rename, to "name (1).ext".',
  },
  {
    name: 'if-changed',
    kind: 'choice',
    choices: ['fail', 'restart'],
    default: 'fail',
    env: 'SLUICE_IF_CHANGED',
    file: true,
    value: 'WHAT',
    group: 'Files',
    help: 'When the file at the server is no longer the one that was begun: fail or restart. Default: fail.',
  },
  { name: 'allow-html', kind: 'flag', group: 'Files', help: 'Save a web page even where a file was expected.' },
  {
    name: 'dry-run',
    kind: 'flag',
    group: 'Files',
    help: 'Tell name, size, and whether it can be resumed and checked; write nothing.',
  },

  { name: 'sha256', kind: 'sha256', value: 'HEX', group: 'Checks', help: 'The SHA-256 that a single file must have.' },
  {
    name: 'checksum',
    kind: 'checksum',
    repeatable: true,
    value: 'ALGO:HEX',
    group: 'Checks',
    help: 'A digest that a single file must have; ALGO is md5, sha1, sha256 or sha512.',
  },

  {
    name: 'connections',
    short: 'x',
    kind: 'integer',
    range: [1, 32],
    unset: 'auto',
    env: 'SLUICE_CONNECTIONS',
    file: true,
    value: 'N',
    group: 'Speed',
    help: 'Most connections for one file, 1-32. Default: auto.',
  },
  {
    name: 'jobs',
    short: 'j',
    kind: 'integer',
    range: [1, 32],
    default: 4,
    env: 'SLUICE_JOBS',
    file: true,
    value: 'N',
    group: 'Speed',
    help: 'Files at once, 1-32. Default: 4.',
  },
  {
    name: 'limit-rate',
    kind: 'rate',
    unset: '0',
    env: 'SLUICE_LIMIT_RATE',
    file: true,
    value: 'RATE',
    group: 'Speed',
    help: 'Most bytes per second over all connections: 600K, 10m (1024-based). 0: no limit.',
  },
  {
    name: 'mirror',
    kind: 'text',
    repeatable: true,
    value: 'URL',
    group: 'Speed',
    help: 'A further address of the same single file; repeatable.',
  },

  {
    name: 'header',
    short: 'H',
    kind: 'header',
    repeatable: true,
    file: true,
    value: "'Name: value'",
    group: 'Requests',
    help: 'A request header for the first server of each file; repeatable.',
  },
  {
    name: 'user-agent',
    kind: 'text',
    env: 'SLUICE_USER_AGENT',
    file: true,
    value: 'TEXT',
    group: 'Requests',
    help: 'User-Agent of the requests.',
  },
  { name: 'referer', kind: 'text', value: 'URL', group: 'Requests', help: 'Referer of the requests.' },
  {
    name: 'cookie-file',
    kind: 'path',
    env: 'SLUICE_COOKIE_FILE',
    file: true,
    value: 'FILE',
    group: 'Requests',
    help: 'Cookies in the format of Netscape, as browsers export them.',
  },

  {
    name: 'retries',
    kind: 'integer',
    range: [0, 1000],
    default: 5,
    env: 'SLUICE_RETRIES',
    file: true,
    value: 'N',
    group: 'Connection',
    help: 'Attempts in a row without a new byte before giving up, after the first. Default: 5.',
  },
  {
    name: 'timeout',
    kind: 'seconds',
    range: [0.1, 2_000_000],
    unset: '0',
    env: 'SLUICE_TIMEOUT',
    file: true,
    value: 'S',
    group: 'Connection',
    help: 'Most seconds for one file as a whole. Default: no limit.',
  },
  {
    name: 'connect-timeout',
    kind: 'seconds',
    range: [0.1, 86_400],
    default: 30,
    env: 'SLUICE_CONNECT_TIMEOUT',
    file: true,
    value: 'S',
    group: 'Connection',
    help: 'Most seconds to connect. Default: 30.',
  },
  {
    name: 'stall-timeout',
    kind: 'seconds',
    range: [0.1, 86_400],
    default: 30,
    env: 'SLUICE_STALL_TIMEOUT',
    file: true,
    value: 'S',
    group: 'Connection',
    help: 'Most seconds without a byte. Default: 30.',
  },
  {
    name: 'proxy',
    kind: 'proxy',
    file: true,
    value: 'URL',
    group: 'Connection',
    help: 'http, https or socks5 proxy. Default: what HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say.',
  },
  {
    name: 'cacert',
    kind: 'path',
    env: 'SLUICE_CACERT',
    file: true,
    value: 'FILE',
    group: 'Connection',
    help: 'Further certificate authorities to trust (PEM).',
  },
  {
    name: 'insecure',
    kind: 'flag',
    group: 'Connection',
    help: 'Accept any certificate. Anyone on the way can then change the file.',
  },
  { name: 'ipv4', short: '4', kind: 'flag', group: 'Connection', help: 'IPv4 only.' },
  { name: 'ipv6', short: '6', kind: 'flag', group: 'Connection', help: 'IPv6 only.' },
  {
    name: 'allow-private',
    kind: 'flag',
    file: true,
    group: 'Connection',
    help: 'Follow redirects from public servers to private addresses.',
  },

  { name: 'json', kind: 'flag', group: 'Output', help: 'One JSON object per line on stdout, for scripts.' },
  { name: 'quiet', short: 'q', kind: 'flag', group: 'Output', help: 'Only errors on stderr.' },
  {
    name: 'no-progress',
    kind: 'flag',
    env: 'SLUICE_NO_PROGRESS',
    file: true,
    group: 'Output',
    help: 'Messages, but no live progress.',
  },
  {
    name: 'verbose',
    short: 'v',
    kind: 'flag',
    group: 'Output',
    help: 'Also redirects, retries, and what lies behind an error.',
  },
  { name: 'help', short: 'h', kind: 'flag', group: 'Output', help: 'Show this help.' },
  { name: 'no-sync', kind: 'flag', help: 'Skip fsync before the rename; for measurements only.' },
]
