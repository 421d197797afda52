import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { withHeaders } from '../answer.ts'
import type { FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import { always } from './lies.ts'

const size = 12 * MiB

export const disk: FaultGroup = {
  group: 'disk',
  faults: [
    {
      name: 'folder-is-a-file',
      why: 'issue 2: unwritable folder named before any request',
      needs: ['if-exists'],
      async setup(lab) {
        const path = lab.sandbox.plant('not-a-folder', 'a file')
        return simple(lab, {}, { exit: [6], requests: 0, ask: { dir: path } })
      },
    },
    {
      name: 'folder-is-made',
      why: 'section D: target',
      async setup(lab) {
        return simple(
          lab,
          {},
          {
            exit: [0],
            size: 10 * KiB,
            name: 'new/folder/file.bin',
            ask: { dir: join(lab.sandbox.dir, 'new', 'folder') },
          },
        )
      },
      needs: ['if-exists'],
    },
    {
      name: 'bigger-than-any-disk',
      why: 'section D: Disk full, check before start',
      needs: ['free-space'],
      setup: (lab) =>
        simple(
          lab,
          { ...always((correct) => withHeaders(correct, { 'Content-Length': String(2 ** 52) })), rate: MiB },
          { exit: [6], size, requests: 2, seconds: 20 },
        ),
    },
    {
      name: 'target-is-a-folder',
      why: 'reliability A1 wget2: directory clash',
      needs: ['if-exists'],
      async setup(lab) {
        mkdirSync(join(lab.sandbox.dir, 'file.bin'))
        return simple(lab, {}, { exit: [0], size: 10 * KiB, name: 'file (1).bin' })
      },
    },
    {
      name: 'part-is-a-folder',
      why: 'reliability A1 wget2: directory clash',
      needs: ['if-exists'],
      async setup(lab) {
        mkdirSync(join(lab.sandbox.dir, 'file.bin.part'))
        return simple(lab, {}, { exit: [0, 1, 6], size })
      },
    },
    {
      name: 'folder-deleted-while-running',
      why: 'reliability B: directory deleted while running',
      needs: ['if-exists'],
      setup: (lab) => {
        const dir = join(lab.sandbox.dir, 'gone')
        return simple(
          lab,
          {
            answer: (request, correct) => {
              if (request.index === 1) return { ...correct, cut: { after: 10 * MiB, how: 'fin' } }
              rmSync(dir, { recursive: true, force: true })
              return correct
            },
          },
          { exit: [1, 6], size, ask: { dir } },
        )
      },
    },
    {
      name: 'folder-replaced-by-a-link-while-running',
      why: 'reliability B: replaced by symlink while running; nothing written elsewhere',
      needs: ['if-exists'],
      setup: (lab) => {
        const dir = join(lab.sandbox.dir, 'mine')
        const elsewhere = join(lab.sandbox.root, 'elsewhere')
        mkdirSync(elsewhere)
        return simple(
          lab,
          {
            answer: (request, correct) => {
              if (request.index === 1) return { ...correct, cut: { after: 10 * MiB, how: 'fin' } }
              if (request.index > 2) return correct
              renameSync(dir, join(lab.sandbox.home, 'moved'))
              lab.sandbox.plantLink('mine', elsewhere)
              return correct
            },
          },
          { exit: [1, 6], size, ask: { dir } },
        )
      },
    },
  ],
}
