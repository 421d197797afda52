import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asSluiceError } from '../../src/core/errors.ts'
import type { ManifestIndex } from '../../src/core/manifest.ts'
import { choosePlatform } from '../../src/core/platform.ts'
import { platformChoices } from './platform-choices.ts'

/** What the registry's index holds, as the error tells of it. */
function message(platforms: ReadonlyArray<string | null>): string {
  const manifests = platforms.map((one) => {
    const [os = '', architecture = '', variant] = one?.split('/') ?? []
    const platform = one === null ? null : { os, architecture, ...(variant === undefined ? {} : { variant }) }
    return { mediaType: 'm', digest: 'd', size: 1, annotations: {}, platform }
  })
  try {
    choosePlatform({ manifests } as unknown as ManifestIndex, { os: 'plan9', architecture: 'mips' })
    return ''
  } catch (error) {
    return asSluiceError(error).message
  }
}

test('the platforms that there are can be chosen from the error that lists them', () => {
  assert.deepEqual(platformChoices(message(['linux/amd64', 'linux/arm64/v8'])), ['linux/amd64', 'linux/arm64/v8'])
  const many = Array.from({ length: 60 }, (_, index) => `linux/arch${index}`)
  assert.equal(platformChoices(message(many)).length, 50)
})

test('an error without platforms offers none', () => {
  assert.deepEqual(platformChoices(message([null, null])), [])
  assert.deepEqual(platformChoices('The server is busy.'), [])
})
