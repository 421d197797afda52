import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { downloadStatuses } from '../../src/core/download-states.ts'
import { errorKinds } from '../../src/core/errors.ts'
import { setLanguage } from '../i18n/language.ts'
import { errorText, statusName, verdictName, verdictReason, waitingReason, warningText } from './texts.ts'

afterEach(() => setLanguage('en'))

const commandLineOnly = ['usage', 'method-not-allowed', 'already-running']

describe('the words for states and failures', () => {
  it('are there for every code that the page can meet, in every language', async () => {
    for (const language of ['fa', 'de'] as const) {
      await setLanguage(language)
      for (const code of Object.keys(errorKinds).filter((one) => !commandLineOnly.includes(one))) {
        const { text, detail } = errorText({ code, message: 'The words of the daemon.' })
        assert.notEqual(text, 'The words of the daemon.', `${language} ${code}`)
        assert.equal(detail, 'The words of the daemon.')
      }
    }
  })

  it('are the exact ones of the daemon in English, with a hint for the page', () => {
    const message = 'The host name is not known: nowhere.example'
    const shown = errorText({ code: 'dns', message, hint: 'Use --proxy.' })
    assert.deepEqual([shown.text, shown.detail], [message, ''])
    for (const code of Object.keys(errorKinds)) {
      const { hint } = errorText({ code, message: '' })
      assert.doesNotMatch(hint, /run the same line|sluice list|\s-x|--if-/)
    }
    assert.notEqual(errorText({ code: 'dns', message: '' }).text, '')
  })

  it('tell when a limit ends', async () => {
    const error = { code: 'rate-limited', message: 'Used up.', hint: 'It resets at 14:05, in 29 minutes.' }
    for (const language of ['en', 'de', 'fa'] as const) {
      await setLanguage(language)
      assert.match(errorText(error).hint, /\u206814:05\u2069/)
      assert.doesNotMatch(errorText({ ...error, hint: 'Try again in a minute.' }).hint, /:05/)
    }
  })

  it('are those of the daemon for a code that only a newer one knows', async () => {
    await setLanguage('fa')
    assert.deepEqual(errorText({ code: 'constructor', message: 'New.', hint: 'Wait.' }), {
      text: 'New.',
      hint: 'Wait.',
      detail: '',
    })
    assert.equal(waitingReason('moonrise'), 'moonrise')
    assert.equal(warningText({ code: 'moonrise', message: 'The moon rises.' }), 'The moon rises.')
  })

  it('differ for every state and verdict', () => {
    const names = [
      ...downloadStatuses.map(statusName),
      ...(['verified', 'length-only', 'unverified'] as const).flatMap((one) => [verdictName(one), verdictReason(one)]),
    ]
    assert.equal(new Set(names).size, names.length)
    assert.deepEqual([waitingReason(null), waitingReason('low-disk')], ['', 'Waits for free disk space'])
  })
})
