import { errorKinds } from './errors.ts'
import type { ErrorCode, SluiceError } from './errors.ts'

/** What to do next for those who ask a daemon, where the usual hint speaks of flags and lines of a command. */
const hints: { readonly [C in ErrorCode]?: string } = {
  usage: 'See /api/docs for what is possible.',
  'connect-timeout': 'The server does not answer; try later.',
  stalled: 'No bytes came; retry it to go on from here.',
  'overall-timeout': 'Retry it to go on from here.',
  'connection-lost': 'Retry it to go on from here.',
  'short-body': 'The server ended early; retry it to go on from here.',
  proxy: 'Check the proxy that the daemon was started with, and the proxy variables of its environment.',
  'private-address': 'The setting allowPrivate allows it, if you trust the server that redirects there.',
  tls: 'If you trust this server, start the daemon with its certificate: sluice serve --cacert FILE.',
  'remote-changed': 'Retry it to fetch the new file from its beginning.',
  'not-the-file': 'The server sent a web page; log in or use the direct link.',
  'disk-full': 'Free some space, then retry it: the part is kept.',
  'disk-permission': 'Choose a folder that the daemon may write to.',
  'target-exists': 'Use ifExists rename, overwrite or skip, or another filename.',
  'wrong-state': 'Look at its status first.',
  'not-found': 'Check the id.',
  'no-platform': 'Choose a platform that exists.',
  'release-not-found': 'Check owner, name and tag.',
  'asset-not-found': 'Choose by name or a pattern, as asset (on the command line --asset), or another platform.',
  'asset-ambiguous':
    'Choose one by its name or a pattern, as asset (on the command line --asset), or another platform.',
  interrupted: 'Retry it to go on from here.',
}

/** The hint of an error as a daemon tells it. Where one says more than is usual for its code, it stays. */
export function daemonHint({ code, hint }: Pick<SluiceError, 'code' | 'hint'>): string {
  return hint === errorKinds[code].hint ? (hints[code] ?? hint) : hint
}
