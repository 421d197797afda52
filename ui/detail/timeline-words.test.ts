import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setLanguage } from '../i18n/language.ts'
import { timelineSteps } from './timeline-words.ts'

const entry = (second: number, event: string, detail?: string) => ({
  at: new Date(Date.UTC(2026, 10, 21, 14, 0, second)).toISOString(),
  event,
  ...(detail === undefined ? {} : { detail }),
})
const words = (...entries: ReadonlyArray<ReturnType<typeof entry>>) =>
  timelineSteps(entries).map((step) => step.words.replace(/[\u2066-\u2069]/g, ''))

afterEach(() => setLanguage('en'))

test('adding is one step, not the three states it goes through', () => {
  assert.deepEqual(words(entry(0, 'created'), entry(0, 'validating'), entry(0, 'queued'), entry(1, 'active')), [
    'Added to the queue',
    'Started',
  ])
})

test('the steps of a pull are told in words', () => {
  const phases = ['resolving', 'checking', 'downloading', 'writing', 'moonrise'].map((one, at) =>
    entry(at, 'phase', one),
  )
  assert.deepEqual(words(...phases), [
    'Asking the registry for the model',
    'Looking at what is here already',
    'Fetching what is missing',
    'Putting it in its place',
    'moonrise',
  ])
})

test('those of libraries have words of their own', () => {
  const phases = ['resolving', 'downloading', 'unpacking', 'probing'].map((one, at) => entry(at, 'phase', one))
  assert.deepEqual(
    timelineSteps(phases, 'llama').map((step) => step.words),
    ['Looking for the release', 'Fetching what is missing', 'Unpacking', 'Trying whether it can be loaded'],
  )
})

test('a long check is told', () => {
  assert.deepEqual(words(entry(0, 'validating'), entry(9, 'queued')), [
    'Checking what was asked for',
    'Added to the queue',
  ])
})

test('going on after a pause is not told as a start', () => {
  assert.deepEqual(words(entry(0, 'active'), entry(5, 'paused'), entry(6, 'queued'), entry(7, 'active')), [
    'Started',
    'Paused',
    'Back in the queue',
    'Went on',
  ])
})

test('one that was added to wait says so', () => {
  assert.deepEqual(words(entry(0, 'created'), entry(0, 'validating'), entry(0, 'paused')), [
    'Added, paused from the start',
  ])
})

test('a server that refuses a further connection is told with what goes on', () => {
  assert.deepEqual(words(entry(0, 'active'), entry(1, 'warning', 'The server answered 503: it is busy.')), [
    'Started',
    'No further connection for now: the server is busy (503); the others go on',
  ])
  assert.deepEqual(words(entry(1, 'warning', 'files.example:443 refused the connection.')), [
    'No further connection for now: files.example:443 refused the connection; the others go on',
  ])
})

test('a cap of connections and a redirect are told in plain words', async () => {
  const steps = () =>
    words(
      entry(0, 'connections-capped', 'The server refused a further connection (503): staying at 4.'),
      entry(1, 'redirected', 'cdn.example'),
    )
  assert.deepEqual(steps(), [
    'The server refused a further connection (503); staying at 4',
    'Redirected to cdn.example',
  ])
  await setLanguage('de')
  assert.deepEqual(steps(), [
    'Der Server lehnte eine weitere Verbindung ab (503); es bleibt bei 4',
    'Umgeleitet zu cdn.example',
  ])
  const [other] = words(
    entry(0, 'connections-capped', 'The server refused a further connection (connect timeout): staying at 2.'),
  )
  assert.doesNotMatch(other ?? 'connect timeout', /connect timeout/)
})

test('every reason of the daemon to put a download back has its sentence', () => {
  assert.deepEqual(
    words(
      entry(0, 'queued', 'by itself'),
      entry(1, 'queued', 'the daemon was stopped'),
      entry(2, 'queued', 'the disk is nearly full'),
      entry(3, 'queued', 'fewer downloads at once'),
      entry(4, 'queued', 'the settings changed'),
    ),
    [
      'Tried again by itself',
      'The daemon was stopped; back in the queue',
      'The disk is nearly full; waiting in the queue',
      'Fewer downloads may run at once; back in the queue',
      'The settings changed; started anew with them',
    ],
  )
})

test('failures and retries say why, with numbers that carry their unit', () => {
  assert.deepEqual(
    words(
      entry(0, 'retry', 'files.example:443 sent nothing for 30 s.'),
      entry(1, 'error', 'The server answered 404: there is no such file.'),
      entry(2, 'limit', '1048576'),
      entry(3, 'limit', '0'),
      entry(4, 'priority', '9'),
    ),
    [
      'Trying again: files.example:443 sent nothing for 30s',
      'Failed: the file is not at the server (404)',
      'Speed limit set to 1.00\u00a0MiB/s',
      'Speed limit lifted',
      'Priority set to 9',
    ],
  )
})

test('what is not known is shown as it is', () => {
  assert.deepEqual(words(entry(0, 'vanished', 'somewhere'), entry(1, 'error', 'A thing of tomorrow.')), [
    'vanished: somewhere',
    'Failed: A thing of tomorrow',
  ])
})

test('the same step several times in a row is one, with the first and the last time', () => {
  const retry = (second: number) => entry(second, 'retry', 'The server answered 503: it is busy.')
  const steps = timelineSteps([retry(1), retry(3), retry(9)])
  assert.equal(steps.length, 1)
  assert.deepEqual(
    { times: steps[0]?.times, at: steps[0]?.at, lastAt: steps[0]?.lastAt, tone: steps[0]?.tone },
    { times: 3, at: retry(1).at, lastAt: retry(9).at, tone: 'warning' },
  )
})

test('words of another direction are set apart from the sentence', async () => {
  await setLanguage('fa')
  const [step] = timelineSteps([entry(0, 'retry', 'files.example:443 refused the connection.')])
  assert.match(step?.words ?? '', /\u2068files\.example:443\u2069/)
})
