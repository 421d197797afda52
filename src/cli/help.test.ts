import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commands } from './catalogue.ts'
import { commandHelp, programHelp } from './help.ts'

const described = /^ {8,}\S/

test('on a narrow terminal what a flag does stands below it, and no wider than the terminal', async () => {
  for (const columns of [30, 40, 59]) {
    const texts = [programHelp(columns)]
    for (const command of commands) texts.push(commandHelp(command, await command.load(), columns))
    for (const line of texts.join('\n').split('\n'))
      if (described.test(line)) assert.ok(line.length <= columns || !line.trim().includes(' '), `${columns}: ${line}`)
  }
  assert.match(programHelp(40), /\n {2}list\n {8}downloads of the\n? *daemon\n/)
})

test('on a wide one it stands beside it', () => {
  assert.match(programHelp(80), /\n {2}list {24}downloads of the daemon\n/)
})
