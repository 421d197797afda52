import { CompiledQuery } from 'kysely'
import { SluiceError } from '../core/errors.ts'
import type { Engine } from './engine.ts'
import { migrations, newestSchema } from './migrations.ts'

/** Brings the schema up to date, each step in one transaction. A newer schema is refused and not touched. */
export async function migrate(engine: Engine): Promise<void> {
  let version = await versionOf(engine)
  if (version > newestSchema) {
    throw new SluiceError('database', `The database was made by a newer Sluice (schema ${version}).`, {
      hint: 'Nothing in it was changed. Update Sluice, or use another database.',
    })
  }
  while (version < newestSchema) {
    const statements = migrations[version]?.(engine) ?? []
    const next = version + 1
    await engine.writer.transaction().execute(async (transaction) => {
      for (const statement of statements) await transaction.executeQuery(CompiledQuery.raw(statement))
      await transaction.deleteFrom('sluice_schema').execute()
      await transaction.insertInto('sluice_schema').values({ version: next }).execute()
    })
    version = next
  }
  await addSearchIndex(engine)
}

async function versionOf(engine: Engine): Promise<number> {
  const tables = await engine.writer.executeQuery<{ name: string }>(CompiledQuery.raw(engine.tableNames))
  if (!tables.rows.some(({ name }) => name === 'sluice_schema')) return 0
  const row = await engine.writer.selectFrom('sluice_schema').select('version').executeTakeFirst()
  return row?.version ?? 0
}

/** True when searches have the help of all indexes; without some of them they are right too, only slow. */
async function addSearchIndex(engine: Engine): Promise<boolean> {
  try {
    for (const statement of engine.searchSchema.optional) {
      await engine.writer.executeQuery(CompiledQuery.raw(statement))
    }
    return true
  } catch {
    return false
  }
}
