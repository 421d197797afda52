import { answerOf, correctAnswer, entityOf, redirectTo } from '../faults/answer.ts'
import type { Answer } from '../faults/answer.ts'
import type { SeenRequest } from '../faults/request.ts'
import { startOrigin } from '../faults/server.ts'
import { allBlobs, contentOf, largestBlob } from './model-fixture.ts'
import type { FixtureModel } from './model-fixture.ts'
import { lyingBlob } from './registry-lies.ts'
import type { BlobLies } from './registry-lies.ts'
import { basicUser } from './registry.ts'
import type { TokenIssuer } from './token-issuer.ts'

export interface Faults extends Partial<BlobLies> {
  /** Where the bytes of blobs come from. Default direct. */
  readonly way?: 'direct' | 'same-host' | 'other-host' | 'two-hops'
  /** Status of redirects; default 307. */
  readonly redirect?: 301 | 302 | 303 | 307 | 308
  /** Credentials that the registry wants for everything; default none. */
  readonly auth?: 'none' | 'basic' | TokenIssuer
  /** The tokens are revoked when nearly half of the largest blob was sent. */
  readonly revokes?: boolean
  /** Content-Type of manifests in place of the true one; null sends none. */
  readonly manifestType?: string | null
}

/** A registry that lies as scripted, mostly about the largest blob of the first model; its blobs may be at another origin. */
export interface FaultyRegistry extends AsyncDisposable {
  readonly url: string
  readonly host: string
  readonly requests: readonly SeenRequest[]
  /** Requests to the origin of the blobs. It answers 400 to whoever shows credentials. */
  readonly cdnRequests: readonly SeenRequest[]
  /** Body bytes of blobs that both have sent; of one blob where its digest is given. */
  blobBytes(digest?: string): number
  /** From now on everything is as it should be, at so many bytes per second of each connection; default full speed. */
  heal(rate?: number): void
}

export async function startFaultyRegistry(
  models: readonly FixtureModel[],
  faults: Faults = {},
): Promise<FaultyRegistry> {
  const [first] = models
  if (first === undefined) throw new Error('a registry without models')
  const blobs = new Map(models.flatMap(allBlobs).map((blob) => [blob.digest, blob]))
  const manifests = models.flatMap(flatten)
  const largest = largestBlob(first)
  const { ranges = 'ok', trouble = 'none', rate = Infinity } = faults
  let lies = lyingBlob(largest, { ranges, trouble, rate })
  const { way = 'direct', redirect = 307, auth = 'none' } = faults
  let { revokes = false, manifestType } = faults
  let edition = 0
  let isHealed = false

  const nothing = entityOf(contentOf(Buffer.alloc(0)))
  const cdn = await startOrigin(nothing, {
    answer: (request) =>
      request.headers.has('authorization')
        ? answerOf(400, [], Buffer.from('Only one auth mechanism allowed'))
        : blobAnswer(request),
  })
  const registry = await startOrigin(nothing, { answer: registryAnswer })
  // Another name of the same machine, so that not only the port differs.
  const cdnBase = cdn.base.replace('127.0.0.1', 'localhost')

  const blobBytes = (digest = 'sha256:'): number =>
    [...registry.requests, ...cdn.requests]
      .filter(({ path, status }) => path.includes(`/${digest}`) && status < 300)
      .reduce((sum, { sent }) => sum + sent, 0)
  const isNearlyHalf = (): boolean => blobBytes(largest.digest) > largest.size * 0.4

  function registryAnswer(request: SeenRequest): Answer {
    if (revokes && typeof auth === 'object' && isNearlyHalf()) {
      revokes = false
      auth.revoke()
    }
    const [, repository = '', kind, reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(request.path) ?? []
    if (request.path.startsWith('/cdn/')) return blobAnswer(request)
    if (request.path.startsWith('/hop/'))
      return redirectTo(`${cdnBase}/cdn/${request.path.slice(5)}?${request.query}`, redirect)
    if (!isWelcome(request, repository)) return challenge(repository)
    if (kind === 'manifests') return manifestAnswer(request, repository, reference)
    if (kind !== 'blobs' || !blobs.has(reference)) return problem(404, 'BLOB_UNKNOWN')
    if (trouble === 'expired' && edition === 0 && isNearlyHalf()) edition++
    if (way === 'direct') return blobAnswer(request)
    const place = `/${reference}?edition=${edition}`
    if (way === 'same-host') return redirectTo(`/cdn${place}`, redirect)
    return redirectTo(way === 'two-hops' ? `/hop${place}` : `${cdnBase}/cdn${place}`, redirect)
  }

  function manifestAnswer(request: SeenRequest, repository: string, reference: string): Answer {
    const found = manifests.find(
      (one) => one.repository === repository && (one.tag === reference || one.manifestDigest === reference),
    )
    if (found === undefined) return problem(404, 'MANIFEST_UNKNOWN')
    if (request.headers.get('accept')?.includes(found.mediaType) !== true) return problem(400, 'MANIFEST_INVALID')
    const type = manifestType === undefined ? found.mediaType : manifestType
    const fields = type === null ? [] : [['Content-Type', type] as const]
    return answerOf(200, [...fields, ['Docker-Content-Digest', found.manifestDigest]], found.manifestBytes)
  }

  function blobAnswer(request: SeenRequest): Answer {
    const digest = request.path.slice(request.path.lastIndexOf('/') + 1)
    const blob = blobs.get(digest)
    if (blob === undefined) return problem(404, 'BLOB_UNKNOWN')
    const isOld = trouble === 'expired' && !isHealed && digest === largest.digest && isNearlyHalf()
    if (request.query === 'edition=0' && isOld) return answerOf(403, [], Buffer.from('<Code>ExpiredRequest</Code>'))
    if (digest === largest.digest) return lies(request)
    return correctAnswer(request, entityOf(blob.content))
  }

  function isWelcome(request: SeenRequest, repository: string): boolean {
    const shown = request.headers.get('authorization') ?? ''
    if (auth === 'none') return true
    if (auth === 'basic') return shown === `Basic ${btoa(`${basicUser.name}:${basicUser.password}`)}`
    return auth.holds(shown.replace(/^Bearer /, ''), repository)
  }

  function challenge(repository: string): Answer {
    if (typeof auth === 'string') return problem(401, 'UNAUTHORIZED', [['WWW-Authenticate', 'Basic realm="a test"']])
    const { realm, service } = auth
    const value = `Bearer realm="${realm}",service="${service}",scope="repository:${repository}:pull"`
    return problem(401, 'UNAUTHORIZED', [['WWW-Authenticate', value]])
  }

  return {
    url: registry.base,
    host: `127.0.0.1:${registry.port}`,
    requests: registry.requests,
    cdnRequests: cdn.requests,
    blobBytes,
    heal(healedRate = Infinity) {
      lies = lyingBlob(largest, { ranges: 'ok', trouble: 'none', rate: healedRate })
      isHealed = true
      revokes = false
      manifestType = undefined
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([registry.close(), cdn.close()])
    },
  }
}

function flatten(model: FixtureModel): FixtureModel[] {
  return [model, ...model.children.flatMap(flatten)]
}

function problem(status: number, code: string, headers: Answer['headers'] = []): Answer {
  const body = JSON.stringify({ errors: [{ code, message: code.toLowerCase().replace('_', ' ') }] })
  return answerOf(status, [...headers, ['Content-Type', 'application/json']], Buffer.from(body))
}
