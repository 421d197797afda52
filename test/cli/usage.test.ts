import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runSluice } from '../support/cli.ts'

const present =
  'get pull unzip models llama release serve add list pause resume cancel retry remove priority move limit history stats settings watch doctor'.split(
    ' ',
  )

test('help goes to stdout and names every command', async () => {
  for (const args of [['--help'], ['-h'], ['help'], []]) {
    const { code, stdout, stderr } = await runSluice(args)
    assert.equal(code, 0)
    assert.equal(stderr, '')
    for (const command of present) assert.match(stdout, new RegExp(`^ {2}${command}\\b`, 'm'))
  }
})

test('every flag of get is in its help', async () => {
  const { code, stdout } = await runSluice(['get', '--help'])
  assert.equal(code, 0)
  const flags =
    'dir output input sha256 checksum connections jobs limit-rate header user-agent referer cookie-file retries timeout connect-timeout ' +
    'stall-timeout if-exists proxy cacert insecure mirror dry-run json quiet no-progress verbose if-changed allow-private allow-html'
  for (const flag of flags.split(' ')) assert.match(stdout, new RegExp(`--${flag}\\b`), flag)
  assert.doesNotMatch(stdout, /no-sync/)
  for (const args of [
    ['help', 'get'],
    ['get', 'http://x/', '--help'],
    ['get', '-h'],
  ]) {
    assert.equal((await runSluice(args)).stdout, stdout)
  }
})

test('every command has a help with its flags, exit codes and examples', async () => {
  for (const name of present) {
    const { code, stdout, stderr } = await runSluice([name, '--help'])
    assert.equal(code, 0)
    assert.equal(stderr, '')
    assert.match(stdout, new RegExp(`^Usage: sluice ${name} .*\\[flags\\]\n`))
    assert.match(stdout, /--help {2,}/)
    assert.match(stdout, /Exit codes:\n {2}0 all done/)
    assert.match(stdout, new RegExp(`Examples:\n {2}.*sluice ${name}`))
    // A shell can read them as they stand.
    execFileSync('sh', ['-n'], { input: stdout.split('\nExamples:\n')[1] ?? '(' })
  }
})

test('--version prints the version alone', async () => {
  for (const args of [['--version'], ['-V'], ['version'], ['--version', 'list']]) {
    const { code, stdout } = await runSluice(args)
    assert.equal(code, 0)
    assert.match(stdout, /^\d+\.\d+\.\d+\S*\n$/)
  }
})

test('flags before the command are those of the command, and what is their value is no command', async () => {
  assert.match((await runSluice(['--quiet', 'get', '-j', '0', 'http://x/'])).stderr, /--jobs: /)
  assert.match((await runSluice(['--search', 'list', 'history', 'x'])).stderr, /"x" has no meaning/)
  assert.match((await runSluice(['--help', 'move'])).stdout, /^Usage: sluice move /)
  assert.match((await runSluice(['--search', 'list'])).stderr, /no flag --search/)
  assert.match((await runSluice(['--jobs', '4', 'list'])).stderr, /no flag --jobs/)
})

test('wrong usage exits 2 with a sentence and a hint on stderr, nothing on stdout', async () => {
  const wrong: Array<[string[], RegExp]> = [
    [['get', '--no-such-flag', 'http://x/'], /no flag --no-such-flag/],
    [['get'], /no reference/],
    [['no-such-command'], /no command "no-such-command"/],
    [['gte'], /Did you mean sluice get\?/],
    [['hist'], /no command "hist".\n {2}Did you mean sluice history\?/],
    [['list', '--stat', 'error'], /no flag --stat.\n {2}Did you mean --status\?/],
    [['settings', 'speedLimit', '-1'], /no flag -1.\n.* -- /],
    [['--frob'], /no flag --frob/],
    [['get', '--sha256', 'abc', 'http://x/'], /--sha256: .*64 hex digits/],
    [['get', '-j', '0', 'http://x/'], /--jobs: .*1 to 32/],
    [['get', '-o', 'x', 'http://x/1', 'http://x/2'], /--output belongs to a single/],
    [['get', '-i', '/no/such/list'], /cannot be read \(ENOENT\)/],
    [['get', 'ftp://x/y'], /ftp:/],
    [['llama', 'upload'], /There is no "sluice llama upload"/],
    [['release', 'a', 'b'], /Give one release/],
    [['add'], /no reference/],
    [['add', '--priority', '11', 'http://x/'], /--priority: .*1 to 10/],
    [['add', '-o', 'x', 'http://x/1', 'http://x/2'], /--output belongs to a single/],
    [['add', '--start-at', 'tomorrow', 'http://x/'], /--start-at: "tomorrow" is not a time/],
    [['list', 'something'], /"something" has no meaning/],
    [['list', '--status', 'lost'], /--status: "lost"/],
    [['pause'], /id of a download is missing/],
    [['pause', '--all', 'dl-0123456789abcdef'], /ids or --all/],
    [['priority', 'dl-0123456789abcdef'], /Give an id and a priority/],
    [['priority', 'dl-0123456789abcdef', '11'], /from 1 to 10/],
    [['move', 'dl-0123456789abcdef', 'up'], /top, bottom or a number/],
    [['limit', 'dl-0123456789abcdef', 'fast'], /not a rate/],
    [['history', '--since', '2030-13-01'], /--since: .* not a time/],
    [['settings', '--reset', 'a', 'b'], /--reset takes no value/],
    [['serve', '--port', '65536'], /--port: .*65535/],
    [['serve', '--on-complete-arg', 'x'], /needs --on-complete/],
    [['list', '--url', 'ftp://x/'], /address of the daemon/],
    [['list', '--url', 'http://x/', '--token', 'sécret'], /token has characters/],
    [['https://user:secret@x/y'], /Did you mean sluice get https:\/\/x\/y/],
  ]
  for (const [args, said] of wrong) {
    const { code, stdout, stderr } = await runSluice(args)
    assert.equal(code, 2, args.join(' '))
    assert.equal(stdout, '')
    assert.match(stderr, said)
    assert.match(stderr, /\n {2}\S/, 'a hint below')
    assert.doesNotMatch(stderr, /s[eé]cret|\n\s+at /)
  }
})

test('the configuration file and the environment count, and wrong ones are named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-usage-'))
  try {
    const config = join(folder, 'c.toml')
    await writeFile(config, 'jobs = 99\n')
    const fromFile = await runSluice(['get', 'http://x/'], { env: { SLUICE_CONFIG: config } })
    assert.equal(fromFile.code, 2)
    assert.ok(fromFile.stderr.includes(`jobs in ${config}: `))
    const fromEnv = await runSluice(['get', 'http://x/'], { env: { SLUICE_JOBS: 'x' } })
    assert.equal(fromEnv.code, 2)
    assert.match(fromEnv.stderr, /SLUICE_JOBS: /)
    // The file is one for all commands: keys of the daemon are no mistake for get, unknown ones are.
    await writeFile(config, 'port = 0\njobs = 4\n')
    const foreign = await runSluice(['get'], { env: { SLUICE_CONFIG: config } })
    assert.match(foreign.stderr, /no reference/)
    await writeFile(config, 'prot = 0\n')
    const unknown = await runSluice(['get'], { env: { SLUICE_CONFIG: config } })
    assert.match(unknown.stderr, /has the key "prot".*\n.*Possible keys: .*\bport\b/)
    const elsewhere = await runSluice(['list'], { env: { SLUICE_CONFIG: config } })
    assert.match(elsewhere.stderr, /Possible keys: .*\bport\b/)
    await writeFile(config, 'jobs = 4\n[serve]\nport = 0\n')
    const section = await runSluice(['get'], { env: { SLUICE_CONFIG: config } })
    assert.match(section.stderr, /\n.*no sections/)
    await writeFile(config, 'jobs = 4\nport = \n')
    const broken = await runSluice(['get'], { env: { SLUICE_CONFIG: config } })
    assert.equal(broken.code, 2)
    assert.match(broken.stderr, /not valid TOML: line 2: /)
  } finally {
    await rm(folder, { recursive: true })
  }
})
