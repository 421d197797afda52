import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { defaultSettings, settingsSchema } from '../../src/config/settings.ts'
import { fieldSections, settingFields } from './form-model.ts'

const document = { components: { schemas: { Settings: z.toJSONSchema(settingsSchema) } } }
const fields = settingFields(document)
const field = (key: string) => fields.find((one) => one.key === key)

describe('the form of the settings', () => {
  it('has every key of the settings with its default', () => {
    assert.deepEqual(Object.fromEntries(fields.map(({ key, byDefault }) => [key, byDefault])), defaultSettings)
  })

  it('has a control for every key', () => {
    assert.deepEqual(
      fields.filter(({ kind }) => kind === 'other'),
      [],
    )
  })

  it('takes range, choices and words from the schema', () => {
    assert.deepEqual(field('maxConcurrent'), {
      key: 'maxConcurrent',
      kind: 'number',
      title: 'Downloads at once',
      description: '',
      byDefault: 4,
      min: 1,
      max: 32,
    })
    assert.deepEqual(field('clearCompleted')?.choices, [0, 1, 24])
    assert.deepEqual(field('logLevel')?.choices, ['error', 'warn', 'info', 'debug'])
    assert.equal(field('userAgent')?.maxLength, 1000)
  })

  it('tells rates and sizes from plain numbers', () => {
    assert.deepEqual(
      ['speedLimit', 'minFreeSpace', 'retries', 'autoStart', 'speedWindows', 'headers', 'presets'].map(
        (key) => field(key)?.kind,
      ),
      ['rate', 'size', 'number', 'switch', 'windows', 'headers', 'presets'],
    )
  })

  it('puts every key into one section', () => {
    const sections = fieldSections(fields)
    assert.deepEqual(
      sections.map(({ id }) => id),
      ['queue', 'speed', 'files', 'network', 'retries', 'more'],
    )
    const keys = sections.flatMap((section) => section.fields.map(({ key }) => key))
    assert.deepEqual(keys.toSorted(), Object.keys(defaultSettings).toSorted())
  })

  it('shows a key that it does not know under "more"', () => {
    const schema = { properties: { brandNew: { type: 'boolean', default: true, title: 'Brand new' } } }
    const known = settingFields({ components: { schemas: { Settings: schema } } })
    assert.equal(fieldSections(known)[0]?.id, 'more')
    assert.equal(known[0]?.kind, 'switch')
  })

  it('is empty where the document does not describe the settings', () => {
    for (const strange of [null, 1, [], {}, { components: { schemas: null } }]) {
      assert.deepEqual(settingFields(strange), [])
    }
  })
})
