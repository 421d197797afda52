import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SluiceError } from './errors.ts'
import {
  displayModel,
  displayPlace,
  fullModel,
  looksLikeModel,
  manifestPlace,
  parseModel,
  parsePlace,
  sessionName,
  type ModelName,
} from './model-name.ts'

const hex = '0123456789abcdef'.repeat(4)
const digest = `sha256:${hex}`
const x = (length: number): string => 'x'.repeat(length)

/** scheme://host repository tag digest */
function spell({ kind, scheme, host, repository, tag, digest: pinned }: ModelName): string {
  return [`${kind === 'oci' ? 'oci ' : ''}${scheme}://${host}`, repository, tag ?? '-', pinned ? '@' : '']
    .join(' ')
    .trim()
}

function refused(text: string, words: RegExp, options: { registry?: string; code?: string } = {}): SluiceError {
  try {
    parseModel(text, options)
  } catch (error) {
    assert.ok(error instanceof SluiceError)
    assert.equal(error.code, options.code ?? 'bad-model-name', text)
    assert.match(error.message, words, text)
    assert.doesNotMatch(error.message, /[^\x20-\x7e…]/)
    return error
  }
  assert.fail(`taken: ${text}`)
}

for (const [text, spelt] of [
  ['llama3.2', 'https://registry.ollama.ai library/llama3.2 latest'],
  ['llama3.2:1b', 'https://registry.ollama.ai library/llama3.2 1b'],
  ['someone/Model_X:q4_K_M', 'https://registry.ollama.ai someone/Model_X q4_K_M'],
  ['host/namespace/model:tag', 'https://host namespace/model tag'],
  ['host:5000/namespace/model', 'https://host:5000 namespace/model latest'],
  ['_why/_the/_lucky:stiff', 'https://_why _the/_lucky stiff'],
  ['h/n/m:t', 'https://h n/m t'],
  ['1/2:3', 'https://registry.ollama.ai 1/2 3'],
  ['localhost/model', 'https://registry.ollama.ai localhost/model latest'],
  ['hf.co/user/Repo-GGUF:Q4_K_M', 'https://hf.co user/Repo-GGUF Q4_K_M'],
  ['huggingface.co/user/repo', 'https://huggingface.co user/repo latest'],
  ['docker.io/ai/gemma3', 'https://registry-1.docker.io ai/gemma3 latest'],
  [`${x(80)}/${x(80)}:${x(80)}`, `https://registry.ollama.ai ${x(80)}/${x(80)} ${x(80)}`],
  [`${x(350)}/n/m`, `https://${x(350)} n/m latest`],
  [`model@${digest}`, 'https://registry.ollama.ai library/model - @'],
  [`h:1/n/m:t@${digest}`, 'https://h:1 n/m t @'],
  ['ollama://llama3', 'https://registry.ollama.ai library/llama3 latest'],
  ['OLLAMA://h/n/m', 'https://h n/m latest'],
  ['https://Host.example:443/n/m:t', 'https://Host.example:443 n/m t'],
  ['http://host/n/m', 'http://host n/m latest'],
  ['localhost/n/m', 'http://localhost n/m latest'],
  ['127.0.0.1:5000/library/m', 'http://127.0.0.1:5000 library/m latest'],
  ['ollama://127.8.0.1/n/m', 'http://127.8.0.1 n/m latest'],
  ['[::1]:5000/n/m', 'http://[::1]:5000 n/m latest'],
  ['https://localhost:5000/n/m', 'https://localhost:5000 n/m latest'],
  ['[2001:db8::1]/n/m', 'https://[2001:db8::1] n/m latest'],
  ['oci://ghcr.io/a/b__c/d-e.f:v1', 'oci https://ghcr.io a/b__c/d-e.f v1'],
  [`oci://ghcr.io/a@${digest}`, 'oci https://ghcr.io a - @'],
  ['oci://host:5000/repo', 'oci https://host:5000 repo latest'],
  ['oci://localhost/repo', 'oci http://localhost repo latest'],
  ['oci://[::1]:5000/a/b/c', 'oci http://[::1]:5000 a/b/c latest'],
  ['docker://alpine:3.20', 'oci https://registry-1.docker.io library/alpine 3.20'],
  ['docker://python3.12', 'oci https://registry-1.docker.io library/python3.12 latest'],
  ['docker://user/image', 'oci https://registry-1.docker.io user/image latest'],
  ['docker://docker.io/alpine', 'oci https://registry-1.docker.io library/alpine latest'],
  ['docker://index.docker.io/a/b', 'oci https://registry-1.docker.io a/b latest'],
  [`oci://h.x/r:${x(128)}`, `oci https://h.x r ${x(128)}`],
] as const) {
  test(`${text.slice(0, 50)} is read as ${spelt.slice(0, 60)}`, () => assert.equal(spell(parseModel(text)), spelt))
}

for (const [text, words] of [
  ['', /^The model name is empty/],
  ['/', /namespace is empty/],
  ['/m', /namespace is empty/],
  ['n/', /model is empty/],
  ['h//m', /namespace is empty/],
  ['/n/m', /host is empty/],
  ['m:', /tag is empty/],
  [':t', /model is empty/],
  ['m:a:b', /model "m:a" contains ":"/],
  ['n:5/m:b/x:c', /namespace "m:b" contains ":"/],
  ['a/b/c/d', /has 4 parts; a model has at most three/],
  ['host:5000/model', /"host:5000" stands where a host does, without a namespace/],
  ['ghcr.io/model', /"ghcr.io" stands where a host does/],
  ['https://llama3', /"llama3" stands where a host does/],
  ['http://localhost:5000/model', /"localhost:5000" stands where a host does/],
  [x(81), /model has 81 characters; at most 80/],
  [`${x(81)}/m`, /namespace has 81/],
  [`m:${x(81)}`, /tag has 81/],
  [`${x(351)}/n/m`, /host has 351 characters; at most 350/],
  [x(1025), /1025 characters; at most 1024/],
  ['-m', /model "-m" begins with "-"/],
  ['.m', /begins with "\."/],
  ['m:-t', /tag "-t" begins/],
  ['h/-n/m', /namespace "-n" begins/],
  ['.h/n/m', /host "\.h" begins/],
  ['..', /model "\.\." begins/],
  ['../..', /namespace "\.\." contains "\."/],
  ['a/../b', /namespace "\.\." contains "\."/],
  ['h/n.s/m', /namespace "n.s" contains "\."/],
  ['%2e%2e/m', /namespace "%2e%2e" contains "%"/],
  ['m\0', /contains U\+0000/],
  ['m\n', /contains U\+000A/],
  [' m', /contains a blank/],
  ['m t', /contains a blank/],
  ['\u001b[31mm', /"\?\[31mm" contains U\+001B/],
  ['ll\u0430ma', /"ll\?ma" contains U\+0430/],
  ['mod\u212al', /contains U\+212A/],
  ['m\u{1f600}', /contains U\+1F600/],
  ['a\\b', /contains "\\"/],
  ['m?x=1', /no "\?" and no "#"/],
  ['m#x', /no "\?" and no "#"/],
  ['ftp://h/n/m', /do not come from "ftp:\/\/"/],
  ['://m', /do not come from ":\/\/"/],
  ['m@', /After "@" stands ""/],
  ['m@sha256:abc', /After "@" stands "sha256:abc"/],
  [`m@sha256:${hex}0`, /64 hex digits/],
  [`m@sha256:${hex}\n`, /64 hex digits/],
  [`m@SHA256:${hex}`, /must be lower case/],
  [`m@sha256:${hex.toUpperCase()}`, /must be lower case/],
  [`m@sha512:${hex}${hex}`, /not by sha512/],
  ['h:0/n/m', /host "h:0" is none/],
  ['h:/n/m', /host "h:" is none|must be written/],
  ['h:65536/n/m', /port is a number/],
  ['h:https/n/m', /port is a number/],
  ['h:080/n/m', /must be written as/],
  ['h..x/n/m', /host "h\.\.x" is none/],
  ['h./n/m', /host "h\." is none/],
  ['127.1/n/m', /must be written as "127\.0\.0\.1"/],
  ['0x7f000001/n/m', /must be written as "127\.0\.0\.1"/],
  ['[0:0::1]/n/m', /must be written as "\[::1\]"/],
  ['[::1/n/m', /host "\[::1" contains "\["/],
  ['oci://', /repository is empty/],
  ['oci://ghcr.io', /host without a repository/],
  ['oci://ghcr.io/', /repository is empty/],
  ['oci://ghcr.io//a', /empty part/],
  ['oci:///a', /empty part/],
  ['oci://ghcr.io/A/b', /contains "A"; a repository is lower case/],
  ['oci://ghcr.io/a/../b', /no part of a repository/],
  ['oci://ghcr.io/a___b', /no part of a repository/],
  ['oci://ghcr.io/a b', /contains a blank/],
  ['oci://ghcr.io/a:', /tag is empty/],
  ['oci://ghcr.io/a:-x', /tag "-x" begins/],
  ['oci://ghcr.io/a:x+y', /tag "x\+y" contains "\+"/],
  [`oci://ghcr.io/a:${x(129)}`, /129 characters; at most 128/],
  [`oci://ghcr.io/${x(249)}`, /256 characters; at most 255/],
] as const) {
  test(`${JSON.stringify(text).slice(0, 50)} is refused: ${words.source.slice(0, 60)}`, () => {
    refused(text, words)
  })
}

test('a password in a name is never shown', () => {
  for (const text of [
    'https://user:geheim@host/n/m',
    'user:geheim@host/n/m',
    'oci://user:geheim@host/m',
    `user:geheim@host/n/m@${digest}`,
    'user:geheim@host',
    'https://h/n/m?token=geheim',
  ])
    assert.doesNotMatch(refused(text, /./).message, /geheim/)
})

test('a long wrong name is cut at 80 characters', () => {
  const error = refused(`${x(300)}!`, /contains "!"/)
  assert.ok(error.message.length < 200)
})

test('a registry takes the place of the default one', () => {
  const at = (text: string, registry: string): string => spell(parseModel(text, { registry }))
  assert.equal(at('m', 'http://reg.example:5000'), 'http://reg.example:5000 library/m latest')
  assert.equal(at('n/m:t', 'https://reg.example/'), 'https://reg.example n/m t')
  assert.equal(at('m', 'https://REG.example/v2/'), 'https://reg.example library/m latest')
  assert.equal(at('m', 'http://127.0.0.1:5000/v2'), 'http://127.0.0.1:5000 library/m latest')
  assert.equal(at('oci://m', 'http://[::1]:5000'), 'oci http://[::1]:5000 m latest')
  assert.equal(at('docker://m', 'https://docker.io'), 'oci https://registry-1.docker.io library/m latest')
  assert.equal(at('reg.example/n/m', 'http://reg.example'), 'http://reg.example n/m latest')
  assert.equal(spell(parseModel('m', { registry: undefined })), 'https://registry.ollama.ai library/m latest')
})

test('a registry and a name with another host are wrong usage', () => {
  const both = refused('other.example/n/m', /says "other.example", the registry option "http:\/\/reg.example"/, {
    registry: 'http://reg.example',
    code: 'usage',
  })
  assert.match(both.hint, /Leave the host out/)
  refused('https://reg.example/n/m', /"https:\/\/reg.example"/, { registry: 'http://reg.example', code: 'usage' })
  refused('oci://other.example/m', /"other.example"/, { registry: 'http://reg.example', code: 'usage' })
})

test('the short form leaves out what is the default, the full form nothing', () => {
  for (const [text, short, full] of [
    ['llama3', 'llama3:latest', 'registry.ollama.ai/library/llama3:latest'],
    ['Library/x:1', 'Library/x:1', 'registry.ollama.ai/Library/x:1'],
    ['a/b', 'a/b:latest', 'registry.ollama.ai/a/b:latest'],
    ['hf.co/library/x', 'hf.co/library/x:latest', 'hf.co/library/x:latest'],
    [`x@${digest}`, 'x@sha256:0123456789ab…', `registry.ollama.ai/library/x@${digest}`],
    [`x:t@${digest}`, 'x:t', `registry.ollama.ai/library/x:t@${digest}`],
    ['http://h/n/m', 'h/n/m:latest', 'http://h/n/m:latest'],
    ['https://localhost/n/m', 'localhost/n/m:latest', 'https://localhost/n/m:latest'],
    ['oci://localhost/n', 'localhost/n:latest', 'oci://localhost/n:latest'],
  ] as const) {
    assert.equal(displayModel(parseModel(text)), short)
    assert.equal(fullModel(parseModel(text)), full)
  }
})

test('files of a model are called by its reference', () => {
  assert.equal(sessionName('llama3.2:1b'), 'llama3.2-1b')
  assert.equal(sessionName('hf.co/User/Repo:Q4'), 'hf.co-user-repo-q4')
  assert.equal(sessionName('x@sha256:ab'), 'x-sha256-ab')
  assert.equal(sessionName('/a b\\'), 'a-b')
  assert.equal(sessionName(':/'), 'model')
  assert.equal(sessionName(''), 'model')
  assert.equal(sessionName('..'), '__')
  assert.equal(sessionName('con'), '_con')
})

test('a place in the store has four parts that ollama reads back', () => {
  const place = (text: string): string => Object.values(manifestPlace(parseModel(text))).join(' ')
  assert.equal(place('llama3'), 'registry.ollama.ai library llama3 latest')
  assert.equal(place(`h:5/n/m:t@${digest}`), 'h:5 n m t')
  assert.equal(place(`m@${digest}`), `registry.ollama.ai library m sha256-${hex}`)
  assert.equal(place('oci://ghcr.io/a/b:t'), 'ghcr.io a b t')
  for (const [text, words] of [
    ['oci://ghcr.io/a', /"a" is not a namespace and a name alone/],
    ['oci://ghcr.io/a/b/c', /not a namespace/],
    ['oci://ghcr.io/a.b/c', /namespace "a.b" contains/],
    [`oci://ghcr.io/a/b:${x(81)}`, /tag has 81/],
    ['[::1]/n/m', /host "\[::1\]" contains/],
  ] as const) {
    assert.throws(
      () => manifestPlace(parseModel(text)),
      (error) => error instanceof SluiceError && error.code === 'usage' && words.test(error.message),
    )
  }
})

test('a place on the disk is shown as ollama shows it, and what is none is left out', () => {
  const host = 'registry.ollama.ai'
  const shown = (...parts: string[]): string | null => {
    const place = parsePlace(parts)
    return place && displayPlace(place)
  }
  assert.equal(shown(host, 'library', 'm', 't'), 'm:t')
  assert.equal(shown(host, 'n', 'm', 't'), 'n/m:t')
  assert.equal(shown('h:5', 'library', 'm', `sha256-${hex}`), `h:5/library/m:sha256-${hex}`)
  assert.equal(shown(host, 'library', 'm', '.DS_Store'), null)
  assert.equal(shown(host, 'library', '..', 't'), null)
  assert.equal(shown(host, 'library', 'm'), null)
  assert.equal(shown(host, 'library', 'm', 't', 'x'), null)
})

const meant = [
  'llama3.2',
  'mistral',
  'qwen2.5-coder',
  'phi3',
  'llama3.2:1b',
  'someone/model:7b-q4_K_M',
  'hf.co/user/repo',
  'huggingface.co/user/repo:Q4',
  'registry.ollama.ai/library/x',
  'docker.io/ai/gemma3',
  'GHCR.io/a/b',
  'quay.io/a/b',
  'registry.example.org:5000/team/model:1',
  'ollama://x',
  'oci://h/x',
  'docker://x',
  'OCI://',
  `llama3@${digest}`,
  `llama3:8b@${digest}`,
]
const notMeant = [
  '',
  'example.org',
  'example.org:8443',
  'example.org/a.zip',
  '192.168.0.7:80',
  'localhost',
  'localhost:3000/a',
  '127.0.0.1:5000/library/m:latest',
  '[::1]:5000',
  'file.zip',
  'song.mp3',
  'llama.cpp',
  'cli/cli',
  'cli/cli@v2.60.0',
  'https://hf.co/user/repo',
  'https://h/n/m:t',
  'huggingface.co/user/repo/resolve/main/x.gguf',
  'magnet:?xt=urn:btih:abc',
  'two words',
  '12.5',
  'm:a:b',
  '../x:1',
]

test('what is surely meant as a model is told from addresses, files and releases', () => {
  for (const text of meant) assert.ok(looksLikeModel(text), text)
  for (const text of notMeant) assert.ok(!looksLikeModel(text), text)
})

test('a hostile text is judged at once', () => {
  for (const text of [
    'a'.repeat(100_000),
    'a.'.repeat(50_000),
    `${'a/'.repeat(50_000)}:`,
    `hf.co/${'a/'.repeat(50_000)}`,
  ])
    looksLikeModel(text)
})

const word = fc.string({ unit: fc.constantFrom(...'aZ0_-.:/@[] \0\u0430%\\'), maxLength: 12 })
const part = fc.stringMatching(/^[a-z0-9_][\w-]{0,12}$/)
const ociPart = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4})?$/)
const host = fc.constantFrom(
  'localhost',
  'localhost:5000',
  'h.x',
  'docker.io',
  '[::1]:1',
  'HF.co',
  'Registry.ollama.ai',
)
const end = fc
  .tuple(fc.option(part, { nil: null }), fc.boolean())
  .map(([tag, isPinned]) => (tag === null ? '' : `:${tag}`) + (isPinned ? `@${digest}` : ''))
const ollamaName = fc
  .tuple(
    fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 2 }),
      fc.tuple(host, fc.oneof(part, fc.constantFrom('library', 'Library')), part),
    ),
    end,
  )
  .map(([parts, version]) => parts.join('/') + version)
const ociName = fc
  .tuple(
    fc.constantFrom('oci://', 'docker://'),
    fc.option(host, { nil: null }),
    fc.array(ociPart, { minLength: 1 }),
    end,
  )
  .map(([scheme, at, parts, version]) => scheme + (at === null ? '' : `${at}/`) + parts.join('/') + version)
const broken = fc
  .tuple(fc.oneof(ollamaName, ociName), fc.nat(), word)
  .map(([name, at, text]) => name.slice(0, at % name.length) + text + name.slice(at % name.length))
const reference = fc.oneof(ollamaName, ociName, broken, word, fc.string({ unit: 'binary', maxLength: 40 }))

test('property: a name is refused with a safe sentence, or leads to safe parts and reads the same again', () => {
  let taken = 0
  fc.assert(
    fc.property(reference, (text) => {
      let name: ModelName
      try {
        name = parseModel(text)
      } catch (error) {
        assert.ok(error instanceof SluiceError && error.code === 'bad-model-name')
        assert.match(error.message, /^[\x20-\x7e…]+$/)
        return
      }
      taken++
      assert.deepEqual(parseModel(fullModel(name)), name)
      const url = new URL(`${name.scheme}://${name.host}/v2/${name.repository}/manifests/${name.tag ?? name.digest}`)
      assert.equal(url.pathname, `/v2/${name.repository}/manifests/${name.tag ?? name.digest}`)
      for (const component of [name.host, ...name.repository.split('/'), name.tag ?? 'x'])
        assert.match(component, /^(?!\.)[\w.:[\]-]+$/)
      if (name.kind === 'ollama' && !name.host.startsWith('[')) {
        const place = manifestPlace(name)
        assert.deepEqual(parsePlace(Object.values(place)), place)
        // What the list shows finds the same place again.
        assert.deepEqual(manifestPlace(parseModel(displayPlace(place))), place)
      }
    }),
    { numRuns: 3000 },
  )
  assert.ok(taken > 500)
})
