import { useEffect, useState } from 'react'
import type { Download } from '../../src/server/api-types.ts'
import { client } from '../state/client.ts'
import { partsOf } from './segment-parts.ts'
import type { Part } from './segment-parts.ts'

const every = 2000

/** Every two seconds, for the rows in sight that are being fetched in several pieces; undefined for all others. */
export function useSegments(download: Download | undefined): readonly Part[] | undefined {
  const { id = '', status, connections = 0, bytesTotal } = download ?? {}
  const total = status === 'active' && connections > 1 ? (bytesTotal ?? 0) : 0
  const [parts, setParts] = useState<readonly Part[]>()
  useEffect(() => {
    if (total === 0) return
    const ending = new AbortController()
    const ask = async (): Promise<void> => {
      if (document.hidden) return
      const now = await piecesOf(id, total)
      if (!ending.signal.aborted) setParts(now)
    }
    void ask()
    const timer = setInterval(() => void ask(), every)
    return () => {
      ending.abort()
      clearInterval(timer)
      setParts(undefined)
    }
  }, [id, total])
  return total === 0 ? undefined : parts
}

/** Undefined when it cannot be told now: the line is then drawn without gaps. */
async function piecesOf(id: string, total: number): Promise<readonly Part[] | undefined> {
  try {
    return partsOf((await client.get(id)).segments, total)
  } catch {
    return undefined
  }
}
