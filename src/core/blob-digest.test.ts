import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blobFileName, checkBlobDigest, digestHex } from './blob-digest.ts'
import { SluiceError } from './errors.ts'

const hex = '0123456789abcdef'.repeat(4)

test('a digest gives its file name and its hex digits', () => {
  assert.equal(checkBlobDigest(`sha256:${hex}`), `sha256:${hex}`)
  assert.equal(blobFileName(`sha256:${hex}`), `sha256-${hex}`)
  assert.equal(digestHex(`sha256:${hex}`), hex)
})

test('whatever is not sha256 and 64 lower-case hex digits is refused by all three', () => {
  for (const [text, words] of [
    ['', /"" is no digest/],
    [`sha256:../../${hex}`, /is no digest/],
    ['sha256:../../../../etc/passwd', /"sha256:..\/..\/..\/..\/etc\/passwd" is no digest/],
    [`sha256:${hex}/../x`, /is no digest/],
    [`sha256:${hex}\n`, /is no digest/],
    [`\nsha256:${hex}`, /is no digest/],
    [`sha256:${hex}\0`, /\?" is no digest/],
    [`sha256:${hex.slice(1)}`, /is no digest/],
    [`sha256:${hex}0`, /is no digest/],
    [`sha256-${hex}`, /is no digest/],
    [`SHA256:${hex}`, /is no digest/],
    [`sha256:${hex.toUpperCase()}`, /lower-case/],
    [`sha512:${hex}${hex}`, /sha512/],
    [`sha512:${hex}`, /is no digest/],
    [null, /missing/],
    [{ toString: () => `sha256:${hex}` }, /no text/],
    [[`sha256:${hex}`], /no text/],
  ] as const) {
    for (const use of [checkBlobDigest, blobFileName, digestHex] as ReadonlyArray<(text: unknown) => string>) {
      assert.throws(
        () => use(text),
        (error) => error instanceof SluiceError && error.code === 'bad-manifest' && words.test(error.message),
        String(text),
      )
    }
  }
})

test('property: a blob file name is one component of 71 harmless characters, or there is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^sha256:[a-f0-9A-F./]{60,68}$/)), (text) => {
      try {
        assert.match(blobFileName(text), /^sha256-[a-f0-9]{64}$/)
      } catch (error) {
        assert.ok(error instanceof SluiceError)
      }
    }),
  )
})
