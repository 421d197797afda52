import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { needCommand } from '../support/debian.ts'
import { startDaemon, until } from '../support/daemon.ts'
import { startFarm } from '../support/farm.ts'
import { startFakeGithub } from '../support/fake-github.ts'
import { llama, releaseFiles } from '../support/library-lab.ts'
import { realArchive } from '../support/llama-archives.ts'
import { noRealLibrary } from '../support/llama-library.ts'
import { ollamaModel } from '../support/model-fixture.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const page = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8')

/** Fenced blocks of the page in their order, with the line on which each begins. */
function blocks(): Array<{ readonly language: string; readonly text: string; readonly line: number }> {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: page.slice(0, match.index).split('\n').length,
  }))
}

/** What the shown JSON has and the real answer has not, or has with another type. */
function missing(shown: unknown, real: unknown, at = ''): string[] {
  if (shown === null || real === null) return []
  if (typeof shown !== typeof real || Array.isArray(shown) !== Array.isArray(real))
    return [`${at} is ${JSON.stringify(real)?.slice(0, 100)}`]
  if (Array.isArray(shown) && Array.isArray(real))
    return shown.length === 0 || real.length === 0 ? [] : missing(shown[0], real[0], `${at}[0]`)
  if (typeof shown !== 'object') return []
  return Object.entries(shown).flatMap(([key, value]) => {
    if (!Object.hasOwn(real as object, key)) return [`${at}.${key} is not there`]
    return missing(value, (real as Record<string, unknown>)[key], `${at}.${key}`)
  })
}

interface Hook {
  readonly origin: string
  readonly calls: Array<{ readonly headers: IncomingHttpHeaders; readonly body: string }>
}

/** Stands for the receiver of webhooks. */
async function startHook(t: TestContext): Promise<Hook> {
  const calls: Hook['calls'] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.once('end', () => {
      calls.push({ headers: request.headers, body })
      response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls }
}

test('every example of docs/api.md works when pasted, in the order of the page, and answers as shown', async (t) => {
  needCommand({ command: 'curl', package: 'curl' })
  const folder = temporaryFolder(t)
  const farm = await startFarm(t)
  const hook = await startHook(t)
  const registry = await startFaultyRegistry([ollamaModel({ name: 'llama3.2', tag: '1b' })])
  t.after(() => registry[Symbol.asyncDispose]())
  for (const name of ['notes.txt', 'part1.zip', 'part2.zip', 'photo.jpg', 'late.zip', 'nightly.tar.gz'])
    farm.plant(`/${name}`, 1000)
  farm.plant('/disk.img', 3_000_000)
  farm.plant('/big.iso', 60_000_000, 'slow')
  farm.rate = 5_000_000
  const github = await startFakeGithub()
  t.after(() => github.close())
  const build = noRealLibrary === false ? { 'llama-b11429-bin-ubuntu-x64.tar.gz': await realArchive() } : {}
  github.publish(llama, { tag: 'b11429', assets: { ...releaseFiles('b11429'), ...build } })
  github.publish(llama, { tag: 'v0.6.0', assets: { 'nightly-tag.txt': 'b11429\n' } })
  const names = ['repo-1.2.3-linux-x86_64.tar.gz', 'repo-1.2.3-macos-arm64.tar.gz']
  github.publish('owner/repo', { tag: 'v1.2.3', assets: Object.fromEntries(names.map((name) => [name, name])) })
  const daemon = await startDaemon(t, { env: { ...github.env, SLUICE_LLAMA_CACHE_DIR: join(folder, 'llama') } })
  const state = join(folder, 'variables')
  writeFileSync(state, '')

  async function paste(text: string): Promise<string> {
    const here = text
      .replaceAll('http://127.0.0.1:8080', daemon.origin)
      .replaceAll('https://hooks.example.org', hook.origin)
      .replaceAll('https://example.org', farm.origin)
      .replaceAll('https://registry.example.org', registry.url)
      .replaceAll('registry.example.org', registry.host)
    // Variables are kept from block to block, as in the terminal of a reader.
    const script = `. "${state}"\nset -euo pipefail\n${here}\ndeclare -p SLUICE_URL ID OLD MODEL LLAMA SCHEDULE HOOK 2>/dev/null >"${state}" || true\n`
    const env = { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8' }
    const { stdout } = await run('bash', ['-c', script], { cwd: folder, env, timeout: 30_000 }).catch(
      (error: unknown) => {
        // A stream of events ends by its time limit (curl: 28).
        if (text.includes('--max-time') && error instanceof Error && 'stdout' in error)
          return { stdout: String(error.stdout) }
        throw error
      },
    )
    return stdout
  }

  const found = blocks()
  assert.ok(found.filter(({ language }) => language === 'sh').length > 25)
  for (const [index, { language, text, line }] of found.entries()) {
    if (language !== 'sh') continue
    if (text.includes('/api/llama/load') && noRealLibrary !== false) continue
    await t.test(`line ${line}: ${text.split('\n')[0]}`, async () => {
      const said = await paste(text)
      assert.doesNotMatch(said, /"code":"(internal|database)"/)
      const shown = found[index + 1]
      if (shown?.language === 'json')
        assert.deepEqual(missing(JSON.parse(shown.text), JSON.parse(said)), [], said.slice(0, 500))
      else if (text.includes('/api/events')) assert.match(said, /event: snapshot\n/)
      else if (text.includes('/api/metrics')) assert.match(said, /^sluice_\w+(\{.*\})? [\d.e+-]+$/m)
      else for (const answer of said.split(/(?<=\})(?=\{)/)) assert.doesNotMatch(answer, /"status":4\d\d/, answer)
      // A reader is slower than this: small files are there before the next example.
      const small = async (): Promise<boolean> => {
        const { downloads } = await daemon.list('limit=1000')
        return downloads.every(
          (one) => one.filename === 'system.iso' || !['queued', 'active', 'validating'].includes(one.status),
        )
      }
      if (!text.includes('pause-all'))
        await until(
          async () => (await small()) || undefined,
          60_000,
          () => 'small files',
        )
    })
  }

  await t.test('the signature check of the page accepts what is sent, and nothing else', async () => {
    const check = found.find(({ language }) => language === 'js')?.text ?? ''
    const path = join(folder, 'check.mjs')
    writeFileSync(path, check)
    const { isFromSluice } = (await import(pathToFileURL(path).href)) as {
      isFromSluice(headers: IncomingHttpHeaders, body: string, secret: string): boolean
    }
    const delivery = hook.calls.at(-1)
    assert.ok(delivery, 'nothing was delivered')
    const { headers, body } = delivery
    assert.equal(isFromSluice(headers, body, 'a long random text'), true)
    assert.equal(isFromSluice(headers, `${body} `, 'a long random text'), false)
    assert.equal(isFromSluice(headers, body, 'another'), false)
    assert.equal(isFromSluice({ ...headers, 'x-sluice-timestamp': '1' }, body, 'a long random text'), false)
    assert.equal(headers['x-api-key'], 'abc')
  })
})
