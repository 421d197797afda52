import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breaches } from './import-rules.ts'

const allowed: ReadonlyArray<readonly [path: string, source: string]> = [
  ['src/core/a.ts', "import { b } from './b.ts'"],
  ['src/wire/a.ts', "import { connect } from 'node:net'\nimport { b } from '../core/b.ts'"],
  ['src/cli/a.ts', "import type { Transfer } from '../transfer/types.ts'"],
  ['src/cli/a.ts', "const { createEngine } = await import('../transfer/engine.ts')"],
  ['src/cli/a.ts', "readFileSync(new URL('../../package.json', import.meta.url))"],
  ['src/index.ts', "export { a } from './wire/a.ts'\nexport { b } from './cli/b.ts'"],
  ['src/core/a.test.ts', "import { test } from 'node:test'\nimport { b } from '../transfer/b.ts'"],
  ['src/core/a.ts', "export const from = 'node:fs'\nconst text = `\nimport { x } from nowhere`"],
  ['src/server/pages/a.ts', "readdir(new URL('../../../dist/ui/', import.meta.url))"],
  ['ui/list/a.tsx', "import { b } from '../state/b.ts'\nimport { C } from './c.tsx'\nimport s from './a.module.css'"],
  ['ui/list/a.tsx', "import { c } from '../../src/client/c.ts'\nimport type { D } from '../../src/server/d.ts'"],
  ['ui/list/a.tsx', "import { useState } from 'react'"],
  ['ui/list/a.test.ts', "import { test } from 'node:test'"],
  ['test/system/deep/a.ts', "import { b } from '../../../src/wire/b.ts'"],
]

const refused: ReadonlyArray<readonly [path: string, source: string, complaint: RegExp]> = [
  ['src/core/a.ts', "import { b } from 'node:fs'", /neither Node nor packages/],
  ['src/core/a.ts', "import 'undici'", /neither Node nor packages/],
  ['src/core/a.ts', "import { b } from '../wire/b.ts'", /core must not import wire/],
  ['src/core/a.ts', "import type {\n  B,\n  C,\n} from '../wire/b.ts'", /core must not import wire/],
  ['src/core/a.ts', "export * from '../wire/b.ts'", /core must not import wire/],
  ['src/core/a.ts', "const b = await import('../wire/b.ts')", /core must not import wire/],
  ['src/wire/a.ts', "new Worker(new URL('../transfer/b.ts', import.meta.url))", /wire must not import transfer/],
  ['src/wire/a.ts', "import { b } from '../index.ts'", /wire must not import index/],
  ['src/cli/a.ts', "import { run } from '../transfer/run.ts'", /only types of transfer/],
  ['src/core/a.ts', "import { b } from './b.js'", /must end in \.ts/],
  ['src/core/a.ts', "import { b } from './b'", /must end in \.ts/],
  ['src/attic/a.ts', "import { b } from './b.ts'", /'attic' is missing in scripts\/rooms\.ts/],
  ['src/wire/a.ts', "import { b } from '../../test/support/b.ts'", /outside src/],
  ['src/wire/a.ts', "import { b } from '../../ui/b.ts'", /outside src/],
  ['src/wire/a.ts', "import './a.css'", /must end in \.ts/],
  ['ui/list/a.tsx', "import { b } from '../../src/server/b.ts'", /only types of server/],
  ['ui/list/a.tsx', "import type { B } from '../../src/store/b.ts'", /ui must not import store/],
  ['ui/list/a.tsx', "import { b } from '../../test/b.ts'", /outside ui/],
  ['ui/list/a.ts', "import { b } from 'node:fs'", /browsers have no Node/],
  ['src/a/b/c/d.ts', '', /more than 3 folders/],
]

test('imports along the table of rooms are allowed', () => {
  for (const [path, source] of allowed) assert.deepEqual(breaches(path, source), [], source)
})

test('every other import is refused with the file and the reason', () => {
  for (const [path, source, complaint] of refused) {
    const found = breaches(path, source)
    assert.equal(found.length, 1, `${source}: ${found.join('; ')}`)
    assert.match(found.join(), complaint)
    assert.match(found.join(), new RegExp(`^${path}: `))
  }
})
