import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import type { BulkResult, Download } from '../../src/server/api-types.ts'
import { noCounts } from './live-reducer.ts'
import { createLiveStore } from './live-store.ts'
import { createActions } from './make-actions.ts'
import type { ActionParts } from './make-actions.ts'
import { sampleDownload, sampleSettings } from './sample-download.ts'
import { createToasts } from './toasts.ts'

const settle = (): Promise<void> => new Promise((done) => setImmediate(done))

function setUp(downloads: readonly Download[], answers: { refuse?: SluiceError; failed?: BulkResult['failed'] } = {}) {
  const store = createLiveStore(() => {})
  const counts = { ...noCounts }
  for (const { status } of downloads) counts[status] += 1
  store.apply({
    type: 'snapshot',
    sequence: 0,
    counts,
    speed: 0,
    downloads,
    total: downloads.length,
    settings: sampleSettings,
  })
  const asked: string[] = []
  let hold: Promise<void> = Promise.resolve()
  async function ask(what: string): Promise<void> {
    asked.push(what)
    await hold
    if (answers.refuse !== undefined) throw answers.refuse
  }
  async function many(what: string, ids: readonly string[]): Promise<BulkResult> {
    await ask(`${what} ${ids.join(' ')}`.trim())
    const failed = answers.failed ?? []
    return { done: ids.filter((id) => !failed.some((one) => one.id === id)), failed }
  }
  const client: ActionParts['client'] = {
    act: (action, id) => ask(`${action} ${id}`),
    bulk: (action, ids, options) => many(`bulk ${action}${options?.deleteFile === true ? ' with files' : ''}`, ids),
    remove: (id, options) => ask(`remove ${id}${options?.deleteFile === true ? ' with file' : ''}`),
    setPriority: (id, priority) => ask(`priority ${id} ${priority}`),
    move: (id, to) => ask(`move ${id} ${to}`),
    setLimit: (id, limit) => ask(`limit ${id} ${limit}`),
    pauseAll: () => many('pauseAll', []),
    resumeAll: () => many('resumeAll', []),
    redownload: async (id) => (await ask(`redownload ${id}`), { id: 'dl-new' }),
    removeHistory: (id) => ask(`forget ${id}`),
  }
  let now = 0
  const timers = new Map<() => void, number>()
  const toasts = createToasts({
    now: () => now,
    after(ms, callback) {
      timers.set(callback, now + ms)
      return () => timers.delete(callback)
    },
  })
  const deselected: string[] = []
  const hiddenEntries = new Set<string>()
  const actions = createActions({
    client,
    live: store,
    deselect: (ids) => deselected.push(...ids),
    showOrder: () => asked.push('show the order'),
    hideEntry: (id, hide) => void (hide ? hiddenEntries.add(id) : hiddenEntries.delete(id)),
    toast: toasts.show,
    dismissToast: toasts.dismiss,
    t: (key, params = {}) => `${key} ${params['count'] ?? ''} ${params['name'] ?? ''}`.trim(),
    errorText: ({ message }) => ({ text: message, hint: '', detail: '' }),
  })
  return {
    store,
    asked,
    actions,
    deselected,
    hiddenEntries,
    toasts,
    texts: () => toasts.shown.get().map(({ kind, text }) => `${kind}: ${text}`),
    hold: () => {
      let release = (): void => {}
      hold = new Promise((done) => (release = done))
      return release
    },
    pass: async (ms: number) => {
      now += ms
      for (const [callback, at] of [...timers]) if (at <= now && timers.delete(callback)) callback()
      await settle()
      await settle()
    },
  }
}

const three = [
  sampleDownload({ id: 'dl-a', status: 'active', speed: 9 }),
  sampleDownload({ id: 'dl-q', status: 'queued' }),
  sampleDownload({ id: 'dl-p', status: 'paused' }),
]
const refused = new SluiceError('wrong-state', 'It is completed.')

describe('an action', () => {
  it('shows its outcome before the daemon has answered', async () => {
    const { actions, store, hold, asked } = setUp(three)
    const release = hold()
    const done = actions.pause(['dl-a'])
    assert.deepEqual(
      [store.download('dl-a')?.status, store.download('dl-a')?.speed, asked],
      ['paused', 0, ['pause dl-a']],
    )
    release()
    await done
    assert.equal(store.download('dl-a')?.status, 'paused')
  })

  it('takes it back with a reason when the daemon refuses', async () => {
    const { actions, store, texts } = setUp(three, { refuse: refused })
    await actions.pause(['dl-a'])
    assert.equal(store.download('dl-a')?.status, 'active')
    assert.deepEqual(texts(), ['error: state.pauseFailed 1 dl-a.bin It is completed.'])
  })

  it('sends one request for several, leaving out those it makes no sense for', async () => {
    const { actions, asked, texts } = setUp(three)
    await actions.pause(['dl-a', 'dl-q', 'dl-p'])
    await actions.resume(['dl-p'])
    assert.deepEqual([asked, texts()], [['bulk pause dl-a dl-q', 'resume dl-p'], []])
  })

  it('tells how many of several failed and why the first did', async () => {
    const failed = [{ id: 'dl-q', code: 'wrong-state', message: 'It has just ended.' }]
    const { actions, store, texts } = setUp(three, { failed })
    await actions.pause(['dl-a', 'dl-q'])
    assert.deepEqual([store.download('dl-a')?.status, store.download('dl-q')?.status], ['paused', 'queued'])
    assert.deepEqual(texts(), ['error: state.pauseSomeFailed 1 dl-q.bin It has just ended.'])
  })

  it('sets priority, place and limit of each, and shows a new order when it is there', async () => {
    const { actions, asked, store } = setUp(three)
    await actions.priority(['dl-a', 'dl-q'], 9)
    await actions.limit(['dl-a'], 0)
    await actions.move(['dl-q'], 'top')
    await actions.move(['dl-a', 'dl-q'], 'bottom')
    await actions.move(['dl-a', 'dl-q'], 3)
    assert.deepEqual(asked, [
      'priority dl-a 9',
      'priority dl-q 9',
      'show the order',
      'limit dl-a 0',
      'move dl-q top',
      'show the order',
      'bulk bottom dl-a dl-q',
      'show the order',
      'move dl-a 3',
      'move dl-q 4',
      'show the order',
    ])
    assert.equal(store.download('dl-a')?.priority, 9)
  })

  it('pauses and resumes all with one request', async () => {
    const { actions, asked, store } = setUp(three)
    const done = actions.pauseAll()
    assert.deepEqual(
      ['dl-a', 'dl-q', 'dl-p'].map((id) => store.download(id)?.status),
      ['paused', 'paused', 'paused'],
    )
    await done
    await actions.resumeAll()
    assert.deepEqual(asked, ['pauseAll', 'resumeAll'])
  })

  it('does nothing without ids', async () => {
    const { actions, asked, texts } = setUp(three)
    await Promise.all([actions.pause([]), actions.remove([]), actions.cancel([]), actions.move([], 'top')])
    assert.deepEqual([asked, texts()], [[], []])
  })
})

describe('removing and cancelling', () => {
  it('hides at once, pauses what runs, and removes after six seconds', async () => {
    const { actions, asked, store, pass, texts, deselected } = setUp(three)
    void actions.remove(['dl-a', 'dl-p'], { deleteFile: true })
    await settle()
    assert.deepEqual(
      [store.download('dl-a'), store.download('dl-p'), texts()],
      [undefined, undefined, ['info: state.removeDone 2 dl-a.bin']],
    )
    assert.deepEqual([asked, deselected], [['pause dl-a'], ['dl-a', 'dl-p']])
    await pass(5999)
    assert.equal(asked.length, 1)
    await pass(1)
    assert.deepEqual(asked, ['pause dl-a', 'bulk remove with files dl-a dl-p'])
    assert.deepEqual([store.known('dl-a'), store.counts.get().paused], [undefined, 0])
  })

  it('goes on as before after Undo', async () => {
    const { actions, asked, store, pass, toasts } = setUp(three)
    void actions.remove(['dl-a', 'dl-p'])
    await settle()
    toasts.shown.get()[0]?.action?.onSelect()
    await pass(10_000)
    assert.deepEqual(asked, ['pause dl-a', 'resume dl-a'])
    assert.deepEqual([store.download('dl-a')?.status, store.download('dl-p')?.status], ['queued', 'paused'])
    assert.deepEqual(toasts.shown.get(), [])
  })

  it('waits as long as someone is about to choose Undo', async () => {
    const { actions, asked, pass, toasts } = setUp(three)
    void actions.cancel(['dl-p'])
    await pass(5000)
    toasts.hold(true)
    await pass(60_000)
    assert.deepEqual(asked, [])
    toasts.hold(false)
    await pass(6000)
    assert.deepEqual(asked, ['cancel dl-p'])
  })

  it('is carried out at once when the page is left', async () => {
    const { actions, asked } = setUp(three)
    void actions.remove(['dl-p'])
    actions.flush()
    assert.deepEqual(asked, ['remove dl-p'])
  })

  it('shows the row again, with the reason, when it could not be removed', async () => {
    const { actions, store, texts } = setUp(three, { refuse: new SluiceError('disk', 'The file cannot be deleted.') })
    void actions.remove(['dl-p'])
    actions.flush()
    await settle()
    assert.equal(store.download('dl-p')?.status, 'paused')
    assert.deepEqual(texts(), ['error: state.removeFailed 1 dl-p.bin The file cannot be deleted.'])
  })

  it('is content when it is gone already', async () => {
    const { actions, texts } = setUp(three, { refuse: new SluiceError('not-found', 'There is none.') })
    void actions.remove(['dl-p'])
    actions.flush()
    await settle()
    assert.deepEqual(texts(), [])
  })

  it('says at once that what is over cannot be cancelled', async () => {
    const { actions, texts } = setUp([sampleDownload({ id: 'dl-c', status: 'completed' })], { refuse: refused })
    await actions.cancel(['dl-c'])
    assert.deepEqual(texts(), ['error: state.cancelFailed 1 dl-c.bin It is completed.'])
  })

  it('of an entry of the history is taken back when it fails', async () => {
    const fine = setUp([])
    assert.equal(await fine.actions.removeHistory('dl-h'), true)
    assert.deepEqual([...fine.hiddenEntries], ['dl-h'])
    const broken = setUp([], { refuse: refused })
    assert.equal(await broken.actions.removeHistory('dl-h'), false)
    assert.deepEqual([[...broken.hiddenEntries], await broken.actions.redownload('dl-h')], [[], null])
    assert.equal(await fine.actions.redownload('dl-h'), 'dl-new')
  })
})
