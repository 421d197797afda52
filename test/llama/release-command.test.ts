import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { runSluice } from '../support/cli.ts'
import type { CliResult } from '../support/cli.ts'
import { startFakeGithub } from '../support/fake-github.ts'
import type { FakeGithub } from '../support/fake-github.ts'
import { tarBytes } from '../support/tar-bytes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const tool = (what: string): Buffer =>
  gzipSync(tarBytes([{ name: 'tool/bin/tool', data: `tool ${what}`, mode: 0o755 }]))
const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const linux = 'tool-1.2.3-linux-x86_64.tar.gz'

interface Place {
  readonly github: FakeGithub
  readonly folder: string
  release(...args: readonly string[]): Promise<CliResult>
  files(): string[]
}

async function place(t: TestContext): Promise<Place> {
  const github = await startFakeGithub()
  t.after(() => github.close())
  const [root, folder] = [temporaryFolder(t), temporaryFolder(t)]
  const env = { ...github.env, SLUICE_DATA_DIR: join(root, 'data'), SLUICE_CACHE_DIR: join(root, 'cache') }
  return {
    github,
    folder,
    release: (...args) => runSluice(['release', ...args], { cwd: folder, env, timeout: 120 }),
    files: () => readdirSync(folder).toSorted(),
  }
}

function publishTool({ github }: Place): void {
  github.publish('acme/tool', { tag: 'v1.2.2', assets: { 'tool-1.2.2-linux-x86_64.tar.gz': tool('old') } })
  github.publish('acme/tool', {
    tag: 'v1.2.3',
    assets: {
      [linux]: tool('linux'),
      [`${linux}.asc`]: 'signature',
      'tool-1.2.3-linux-aarch64.tar.gz': tool('arm'),
      'tool-1.2.3-macos-arm64.tar.gz': tool('mac'),
      'tool-1.2.3-windows-x86_64.tar.gz': tool('windows'),
    },
  })
}

describe('sluice release', { concurrency: 2, skip: process.arch === 'x64' ? false : 'the files are for x64' }, () => {
  it('fetches the file for this machine under its own name, checks it, and says when it is there', async (t) => {
    const here = await place(t)
    publishTool(here)
    const got = await here.release('acme/tool')
    assert.equal(got.code, 0, got.stderr)
    assert.match(got.stdout, new RegExp(`${linux}\n$`))
    assert.match(got.stderr, /verified \(sha256\)/)
    assert.deepEqual(here.files(), [linux])
    assert.ok(readFileSync(join(here.folder, linux)).equals(tool('linux')))
    const again = await here.release('https://github.com/acme/tool/releases')
    assert.match(again.stderr, /already there/)
    assert.deepEqual(here.github.sent(), [linux])
  })

  it('takes another platform, a tag or a pattern', async (t) => {
    const here = await place(t)
    publishTool(here)
    await here.release('acme/tool', '--platform', 'darwin/arm64', '-d', 'sub')
    await here.release('acme/tool@v1.2.2')
    await here.release('acme/tool', '--asset', '*windows*', '-o', 'win.tgz')
    assert.deepEqual(here.files(), ['sub', 'tool-1.2.2-linux-x86_64.tar.gz', 'win.tgz'])
    assert.deepEqual(readdirSync(join(here.folder, 'sub')), ['tool-1.2.3-macos-arm64.tar.gz'])
  })

  it('lists without downloading, and lists instead of guessing', async (t) => {
    const here = await place(t)
    publishTool(here)
    here.github.publish('acme/twins', {
      tag: 'v1',
      assets: { 'twins-red-linux-x64.tar.gz': tool('a'), 'twins-tan-linux-x64.tar.gz': tool('b') },
    })
    const list = await here.release('acme/tool', '--list')
    assert.match(list.stdout, new RegExp(`${linux}\n`))
    assert.match(list.stdout, /tool-1\.2\.3-macos-arm64/)
    const twins = await here.release('acme/twins')
    assert.equal(twins.code, 9)
    assert.match(twins.stdout, /twins-red-.*\n.*twins-tan-/)
    assert.match(twins.stderr, /2 files for linux\/amd64.*\n.*--asset/)
    const json = await here.release('acme/twins', '--list', '--json')
    assert.deepEqual(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { name: string }).name),
      ['twins-red-linux-x64.tar.gz', 'twins-tan-linux-x64.tar.gz'],
    )
    assert.deepEqual(here.files(), [])
    const dry = await here.release('acme/tool', '--dry-run')
    assert.match(
      dry.stdout,
      new RegExp(`^${linux}\n {2}release: +acme/tool v1\\.2\\.3\n[^]* {2}sha256: +${sum(tool('linux'))}\n`),
    )
    assert.deepEqual(here.files(), [])
  })

  it('decides between several matches of a pattern by the platform, and lists those that match', async (t) => {
    const here = await place(t)
    publishTool(here)
    const list = await here.release('acme/tool', '--list', '--asset', '*linux*gz')
    assert.deepEqual(list.stdout.match(/tool-\S+/g), [linux, 'tool-1.2.3-linux-aarch64.tar.gz'])
    assert.match(list.stderr, new RegExp(`${linux} would be fetched\\.`))
    const arm = await here.release('acme/tool', '--asset', '*linux*gz', '--platform', 'linux/arm64', '--quiet')
    assert.equal(arm.stdout, 'tool-1.2.3-linux-aarch64.tar.gz\n')
    const json = await here.release('acme/tool', '--asset', '*macos*', '--dry-run', '--json')
    const { type, mediaType } = JSON.parse(json.stdout) as Record<string, unknown>
    assert.deepEqual([type, mediaType], ['start', 'application/octet-stream'])
  })

  it('names what there is instead of what there is not', async (t) => {
    const here = await place(t)
    publishTool(here)
    here.github.publish('acme/early', { tag: 'v1-rc1', prerelease: true, assets: { 'early.zip': 'x' } })
    const open = { 'open-linux-x64.zip': 'x' }
    here.github.publish('acme/open', { tag: 'v1', assets: open, told: () => ({ state: 'starter' }) })
    const told = async (...args: readonly string[]) => (await here.release(...args)).stderr
    assert.match(await told('acme/tool@1.2.3'), /There is v1\.2\.3, v1\.2\.2\./)
    assert.match(await told('acme/early'), /only prereleases: acme\/early@v1-rc1 is the newest/)
    assert.match(await told('acme/nothing@v1'), /There is no repository acme\/nothing\./)
    assert.match(await told('acme/open'), /1 file is still being uploaded/)
  })

  it('ends with 9 for what does not exist, and with 5 for other bytes than the release tells', async (t) => {
    const here = await place(t)
    publishTool(here)
    for (const args of [
      ['acme/nothing'],
      ['acme/tool@v9'],
      ['acme/tool@v1.2.2', '--platform', 'darwin/arm64'],
      ['acme/tool', '--asset', '*.rpm'],
    ])
      assert.equal((await here.release(...args)).code, 9, args.join(' '))
    here.github.behaviour.corrupt.add(linux)
    const damaged = await here.release('acme/tool')
    assert.equal(damaged.code, 5, damaged.stderr)
    assert.equal(existsSync(join(here.folder, linux)), false)
    const pinned = await here.release('acme/tool', '--platform', 'linux/arm64', '--sha256', '7'.repeat(64))
    assert.equal(pinned.code, 5)
    assert.equal((await here.release('not a release')).code, 2)
  })

  it('takes digests from lists of the release where the API tells none, and says when nobody does', async (t) => {
    const here = await place(t)
    const assets = { [linux]: tool('linux'), 'SHA256SUMS.txt': `${sum(tool('linux'))}  ${linux}\n` }
    const told = (): { digest: null } => ({ digest: null })
    here.github.publish('acme/tool', { tag: 'v1', assets, told })
    const listed = await here.release('acme/tool', '--strict')
    assert.equal(listed.code, 0, listed.stderr)
    assert.match(listed.stderr, /verified \(sha256\)/)
    here.github.publish('acme/tool', {
      tag: 'v2',
      assets: { ...assets, 'SHA256SUMS.txt': `${'0'.repeat(64)}  ${linux}\n` },
      told,
    })
    assert.equal((await here.release('acme/tool', '-d', 'other')).code, 5)
    here.github.publish('acme/tool', {
      tag: 'v3',
      assets: { ...assets, 'SHA256SUMS.txt': `${'0'.repeat(64)}  ${linux}\n` },
    })
    const disagree = await here.release('acme/tool', '-d', 'other')
    assert.equal(disagree.code, 5)
    assert.match(disagree.stderr, /The API says .* and SHA256SUMS\.txt says 0{64}\./)
    here.github.publish('acme/bare', { tag: 'v1', assets: { 'bare-linux-x64.tar.gz': tool('bare') }, told })
    assert.equal((await here.release('acme/bare', '--strict')).code, 5)
    const bare = await here.release('acme/bare')
    assert.equal(bare.code, 0)
    assert.match(bare.stderr, /unverified: the release tells no digest/)
  })

  it('unpacks beside the archive, and never over a folder', async (t) => {
    const here = await place(t)
    publishTool(here)
    const elsewhere = join(temporaryFolder(t), 'deep')
    const away = await here.release('acme/tool', '-d', elsewhere, '--unpack')
    assert.equal(away.code, 0, away.stderr)
    assert.deepEqual(readdirSync(elsewhere).toSorted(), ['tool-1.2.3-linux-x86_64', linux])
    const got = await here.release('acme/tool', '--unpack')
    assert.equal(got.code, 0, got.stderr)
    const folder = join(here.folder, 'tool-1.2.3-linux-x86_64')
    assert.ok(got.stdout.endsWith(`${folder}\n`), got.stdout)
    assert.equal(readFileSync(join(folder, 'tool/bin/tool'), 'utf8'), 'tool linux')
    writeFileSync(join(folder, 'mine'), 'mine')
    const refused = await here.release('acme/tool', '--unpack', '--if-exists', 'overwrite', '--json')
    assert.equal(refused.code, 8)
    assert.match(refused.stdout, /"type":"summary".*"exitCode":8}\n$/)
    await here.release('acme/tool', '--unpack')
    assert.deepEqual(here.files(), ['tool-1.2.3-linux-x86_64', 'tool-1.2.3-linux-x86_64 (1)', linux])
    assert.equal(readFileSync(join(folder, 'mine'), 'utf8'), 'mine')
  })
})
