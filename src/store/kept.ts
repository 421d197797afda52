import { bytesOf } from './download-rows.ts'
import { pieces } from './bulk-insert.ts'
import type { Engine } from './engine.ts'
import type { StoredRecord } from './types.ts'

export async function loadSettings({ writer }: Engine): Promise<Record<string, unknown>> {
  const rows = await writer.selectFrom('settings').selectAll().execute()
  return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value) as unknown]))
}

export async function saveSettings({ writer }: Engine, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const rows = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: JSON.stringify(value) }],
  )
  await writer.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('settings').execute()
    for (const piece of pieces(rows, 100)) await transaction.insertInto('settings').values(piece).execute()
  })
}

/** In the order in which they were first put. */
export async function records({ writer }: Engine, kind: string): Promise<StoredRecord[]> {
  const rows = await writer.selectFrom('records').selectAll().where('kind', '=', kind).orderBy('seq').execute()
  return rows.map(({ id, data, secret }) => ({ id, data: JSON.parse(data) as unknown, secret: bytesOf(secret) }))
}

export async function putRecord({ writer }: Engine, kind: string, { id, data, secret }: StoredRecord): Promise<void> {
  const values = { data: JSON.stringify(data ?? null), secret }
  await writer
    .insertInto('records')
    .values({ kind, id, ...values })
    .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(values))
    .execute()
}

export async function removeRecord({ writer }: Engine, kind: string, id: string): Promise<boolean> {
  const result = await writer.deleteFrom('records').where('kind', '=', kind).where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows > 0n
}
