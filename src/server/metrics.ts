import type { Manager } from '../manager/types.ts'

/** The text format of Prometheus, 0.0.4. Samples of one name stand together, under one HELP and TYPE. */
export function metricsText(metrics: ReturnType<Manager['metrics']>): string {
  const families = Map.groupBy(metrics, ({ name }) => name)
  let text = ''
  for (const [name, samples] of families) {
    const [first] = samples
    if (first === undefined) continue
    text += `# HELP ${name} ${first.help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${first.type}\n`
    for (const { labels = {}, value } of samples) text += `${name}${labelText(labels)} ${numberText(value)}\n`
  }
  return text
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.toWellFormed().replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
