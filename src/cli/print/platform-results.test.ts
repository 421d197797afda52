import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '../../core/errors.ts'
import type { PlatformResult } from '../../libraries/types.ts'
import { platformJson, platformLines } from './platform-results.ts'

function result(platform: string, part: Partial<PlatformResult> = {}): PlatformResult {
  const error = part.success === false ? new SluiceError('digest-mismatch', 'Wrong\u001b[2J bytes.') : null
  return {
    platform,
    success: true,
    libraryPath: '/c/libllama.so',
    sha256Sum: 'ab',
    fromCache: false,
    tag: 'b1',
    variant: 'cpu',
    folder: '/c',
    why: [],
    ...part,
    error,
  }
}

describe('the lines of a download of libraries', () => {
  it('have a line for each platform, and a summary', () => {
    const lines = platformLines([result('linux/amd64'), result('plan9/amd64', { success: false })], false)
    assert.deepEqual(lines, [
      'Download Results:',
      '================',
      '✅ linux/amd64: SUCCESS (Library: /c/libllama.so)',
      '❌ plan9/amd64: FAILED - Wrong bytes.',
      '',
      'Summary: 1/2 platforms downloaded successfully',
    ])
  })

  it('have checksums when asked for, of what succeeded', () => {
    const lines = platformLines([result('linux/amd64'), result('darwin/arm64', { success: false })], true)
    assert.deepEqual(lines.slice(3, 5), ['   SHA256: ab', '❌ darwin/arm64: FAILED - Wrong bytes.'])
  })

  it('name the variants of a platform that has several, and count it once', () => {
    const both = [
      result('linux/amd64'),
      result('linux/amd64', { variant: 'vulkan', success: false }),
      result('darwin/arm64'),
    ]
    const lines = platformLines(both, false)
    assert.match(lines[2] ?? '', /^✅ linux\/amd64 \(cpu\): /)
    assert.match(lines[3] ?? '', /^❌ linux\/amd64 \(vulkan\): /)
    assert.equal(lines.at(-1), 'Summary: 1/2 platforms downloaded successfully')
  })

  it('are JSON for programs, errors with code and hint', () => {
    const said: unknown = JSON.parse(platformJson(result('linux/amd64', { success: false })))
    assert.partialDeepStrictEqual(said, {
      type: 'platform',
      platform: 'linux/amd64',
      error: { code: 'digest-mismatch' },
    })
  })
})
