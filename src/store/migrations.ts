import type { Engine } from './engine.ts'

/** The statements that lead from the schema of this index to the next one. Never change one that was released. */
export const migrations: ReadonlyArray<(engine: Engine) => readonly string[]> = [firstSchema, filesOfDownloads]

export const newestSchema = migrations.length

function firstSchema({ types, searchSchema }: Engine): string[] {
  const { serial, integer, real, bytes, text } = types
  const index = (name: string, columns: string): string => `create index history_by_${name} on history (${columns})`
  return [
    `create table sluice_schema (version ${integer} not null)`,
    `create table downloads (
      id ${text} not null primary key,
      reference ${text} not null,
      url ${text} not null,
      filename ${text} not null,
      chosen_name ${text},
      dir ${text} not null,
      path ${text} not null,
      kind ${text} not null,
      host ${text} not null,
      status ${text} not null,
      priority ${integer} not null,
      position ${real} not null,
      bytes_done ${integer} not null,
      bytes_total ${integer},
      active_seconds ${real} not null,
      retries ${integer} not null,
      verdict ${text},
      digests ${text} not null,
      error ${text},
      added_at ${text} not null,
      started_at ${text},
      completed_at ${text},
      start_at ${text},
      retry_at ${text},
      auto_retries ${integer} not null,
      options ${text} not null,
      timeline ${text} not null,
      secret ${bytes}
    )`,
    `create table settings (name ${text} not null primary key, value ${text} not null)`,
    `create table records (
      seq ${serial} primary key,
      kind ${text} not null,
      id ${text} not null,
      data ${text} not null,
      secret ${bytes},
      unique (kind, id)
    )`,
    `create table classes (
      id ${serial} primary key,
      status ${text} not null,
      type ${text} not null,
      kind ${text} not null,
      files ${integer} not null,
      unique (status, type, kind)
    )`,
    `create table facets (
      host ${text} not null, class ${integer} not null, files ${integer} not null, primary key (host, class)
    )`,
    `create table history (
      seq ${serial} primary key,
      id ${text} not null unique,
      class ${integer} not null,
      status ${text} not null,
      type ${text} not null,
      host ${text} not null,
      kind ${text} not null,
      ended ${integer} not null,
      size ${integer} not null,
      speed ${real} not null,
      duration ${real} not null,
      name ${text} not null
    )`,
    `create table history_details (
      seq ${integer} not null primary key,
      reference ${text},
      url ${text} not null,
      filename ${text} not null,
      path ${text} not null,
      started_at ${text},
      verdict ${text},
      digests ${text} not null,
      error ${text},
      words ${text} not null
    )`,
    // With all that filters look at, so that rows which do not match are passed without being read.
    index('class', 'class, ended, size'),
    index('facet', 'host, class, ended, size'),
    index('ended', 'ended, seq, class, size'),
    index('size', 'size, seq, class, ended'),
    ...['name', 'speed', 'duration', 'status', 'host', 'type'].map((key) =>
      index(key, `${key}, seq, class, ended, size`),
    ),
    ...searchSchema.required,
    `create table counted (id ${text} not null primary key)`,
    `create table figures_by_day (
      date ${text} not null primary key, files ${integer} not null, bytes ${integer} not null, seconds ${real} not null
    )`,
    `create table figures_by_host (host ${text} not null primary key, bytes ${integer} not null)`,
    `create index figures_by_bytes on figures_by_host (bytes)`,
    `create table figures_by_type (type ${text} not null primary key, files ${integer} not null)`,
  ]
}

function filesOfDownloads({ types: { text } }: Engine): string[] {
  return [`alter table downloads add column files ${text}`]
}
