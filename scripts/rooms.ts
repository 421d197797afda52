/** What the code of a room may import besides its own files; the reason for each is in ARCHITECTURE.md. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  wire: ['core'],
  transfer: ['core', 'wire'],
  sources: ['core', 'wire'],
  deliver: ['core'],
  models: ['core', 'wire', 'transfer', 'sources', 'deliver'],
  libraries: ['core', 'wire', 'transfer', 'sources', 'deliver'],
  config: ['core'],
  store: ['core', 'transfer'],
  manager: ['core', 'config', 'wire', 'transfer', 'models', 'libraries', 'store'],
  server: ['core', 'config', 'manager'],
  client: ['core', 'server'],
  cli: ['index', 'config', 'core', 'transfer', 'models', 'libraries', 'client', 'server'],
  ui: ['client', 'config', 'core', 'server', 'manager'],
}

/** The room that imports no package and nothing of Node either. */
export const pureRoom = 'core'

/** Rooms from which other rooms may take types only, except from the files named here. */
export const typesOnly: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  store: { transfer: '' },
  client: { server: '' },
  manager: { wire: 'src/wire/address-policy.ts' },
  cli: { transfer: 'src/transfer/engine.ts', server: 'src/server/daemon.ts' },
  ui: { config: 'src/config/header.ts', server: '', manager: '' },
}

/** `src/index.ts` and `src/llama.ts`, the library's doors, which may import every room. */
export const doors: readonly string[] = ['index', 'llama']

/** Folders from the root of the repository to a file at most. */
export const depth = 3

/** The page: a folder beside `src/`, run by browsers, so that it imports nothing of Node. */
export const page = 'ui'

/** All that `src/` may read outside itself: at the same place in a checkout and in the published package. */
export const outside: readonly string[] = ['package.json', 'dist/ui/']
