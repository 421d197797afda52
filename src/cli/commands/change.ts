import { actOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import { formatRate, parseRate } from '../../core/units.ts'
import { actOnEach } from '../act.ts'
import type { Command } from '../command.ts'
import { idAndValue } from '../operands.ts'

type Option = (typeof actOptions)[number]['name']

export const priorityCommand: Command<Option> = {
  options: actOptions,
  examples: ['sluice priority dl-0123456789abcdef 9'],
  run(settings, operands, context) {
    const [id, value] = idAndValue(operands, 'a priority from 1 to 10')
    if (!/^([1-9]|10)$/.test(value)) throw new SluiceError('usage', 'The priority must be from 1 to 10.')
    const done = { type: 'priority', words: `priority ${value}` }
    return actOnEach(settings, [id], context, done, (daemon) => daemon.setPriority(id, Number(value)))
  },
}

export const moveCommand: Command<Option> = {
  options: actOptions,
  examples: ['sluice move dl-0123456789abcdef top', 'sluice move dl-0123456789abcdef 3'],
  run(settings, operands, context) {
    const [id, value] = idAndValue(operands, 'a place: top, bottom or a number')
    const to = place(value)
    return actOnEach(settings, [id], context, { type: 'moved', words: `moved to ${to}` }, (daemon) =>
      daemon.move(id, to),
    )
  },
}

export const limitCommand: Command<Option> = {
  options: actOptions,
  examples: ['sluice limit dl-0123456789abcdef 600K', 'sluice limit dl-0123456789abcdef 0'],
  run(settings, operands, context) {
    const [id, value] = idAndValue(operands, 'a rate')
    const rate = parseRate(value)
    const done = { type: 'limit', words: rate === 0 ? 'no cap' : `at most ${formatRate(rate)}` }
    return actOnEach(settings, [id], context, done, (daemon) => daemon.setLimit(id, rate))
  },
}

function place(text: string): 'top' | 'bottom' | number {
  if (text === 'top' || text === 'bottom') return text
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new SluiceError('usage', 'The place must be top, bottom or a number from 1.')
}
