import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

const folder = 'dist/ui'

function build(...options: string[]): string {
  const line = ['scripts/build-ui.ts', ...options]
  return execFileSync(process.execPath, line, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The files that the browser fetches before it shows anything. */
function firstFiles(): string[] {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  return ['index.html', ...[...html.matchAll(/\b(?:src|href)="\/([^"]+)"/g)].map(([, name = '']) => name)]
}

describe('the build of the page', () => {
  before(() => void build('--if-needed'))

  it('is not made again when nothing has changed', () => {
    const made = statSync(join(folder, 'index.html')).ino
    assert.equal(build('--if-needed'), '')
    assert.equal(statSync(join(folder, 'index.html')).ino, made)
  })

  it('asks no other host and has neither scripts nor styles within the document', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    assert.doesNotMatch(html, /(?:src|href)="(?!\/[^/])/)
    assert.doesNotMatch(html, /<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)/)
  })

  it('is less than 160 kB to load at first', () => {
    const sizes = firstFiles().map((name) => statSync(join(folder, `${name}.br`)).size)
    const whole = sizes.reduce((sum, size) => sum + size, 0)
    assert.ok(sizes.length >= 4 && whole < 160_000, `${whole} bytes`)
  })

  it('has each text compressed beside it, both ways the same text', () => {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:js|css|html)$/.test(name),
    )
    const texts = names.filter((name) => statSync(join(folder, name)).size > 1000)
    assert.ok(texts.length > 5)
    for (const name of texts) {
      const plain = readFileSync(join(folder, name))
      assert.deepEqual(brotliDecompressSync(readFileSync(join(folder, `${name}.br`))), plain, name)
      assert.deepEqual(gunzipSync(readFileSync(join(folder, `${name}.gz`))), plain, name)
    }
  })
})
