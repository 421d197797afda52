import type { HistoryEntry } from '../src/store/types.ts'

/** Numbers from 0 to 1 that are the same at each run. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export const FIRST_DAY = Date.UTC(2022, 0, 1)
export const DAYS = 1500

const TYPES = 'zip gguf safetensors tar.gz iso deb pdf mp4 json bin exe whl jar txt png'.split(' ')
const KINDS = ['http', 'http', 'http', 'http', 'hf', 'github', 'ollama']
const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz'

/** Words that names and addresses are made of, the first ones used most. */
export const WORDS = words(4000, randomNumbers(7))
export const HOSTS = hosts(3000, randomNumbers(11))

/** The history of a busy machine over four years: most files from few hosts and of few types, some failures. */
export function historyEntries(start: number, count: number, total: number): HistoryEntry[] {
  return Array.from({ length: count }, (_, index) => historyEntry(start + index, total))
}

function historyEntry(index: number, total: number): HistoryEntry {
  const random = randomNumbers(index * 2_654_435_761)
  random()
  const host = favoured(HOSTS, random)
  const type = favoured(TYPES, random)
  const version = `${Math.floor(random() * 9)}.${Math.floor(random() * 40)}`
  const filename = `${favoured(WORDS, random)}-${favoured(WORDS, random)}-${version}-${index}.${type}`
  const url = `https://${host}/${favoured(WORDS, random)}/${favoured(WORDS, random)}/resolve/main/${filename}`
  const fate = random()
  const status = fate < 0.85 ? 'completed' : fate < 0.95 ? 'error' : 'cancelled'
  const fileSize = status === 'error' && random() < 0.5 ? null : Math.floor(10 ** (2 + random() * 8))
  const ended = FIRST_DAY + Math.floor(((index + random()) / total) * DAYS * 86_400_000)
  const duration = Math.round(random() ** 3 * 3_600_000) / 1000
  return {
    id: `dl-${index.toString(16).padStart(16, '0')}`,
    reference: url,
    url,
    filename,
    path: `/home/user/Downloads/${filename}`,
    kind: KINDS[Math.floor(random() * KINDS.length)] ?? 'http',
    host,
    type,
    status,
    fileSize,
    downloadedAt: new Date(ended).toISOString(),
    startedAt: new Date(ended - duration * 1000).toISOString(),
    duration,
    speed: duration === 0 ? 0 : (fileSize ?? 0) / duration,
    verdict: status === 'completed' ? 'length-only' : null,
    digests: {},
    error:
      status === 'error'
        ? {
            code: 'http-not-found',
            message: 'The server has no such file.',
            hint: 'Check the address.',
            retryable: false,
          }
        : null,
  }
}

/** One of them, the first ones far more often. */
export function favoured(choices: readonly string[], random: () => number): string {
  return choices[Math.floor(random() ** 2.5 * choices.length)] ?? ''
}

function words(count: number, random: () => number): string[] {
  return Array.from({ length: count }, () =>
    Array.from({ length: 3 + Math.floor(random() * 7) }, () => favoured([...LETTERS], random)).join(''),
  )
}

function hosts(count: number, random: () => number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${favoured(WORDS, random)}${index}.${favoured(WORDS, random)}.com`,
  )
}
