import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amd, machine, nvidia, vulkan } from '../../test/support/hardware-facts.ts'
import { backendPlan, leftOut, wishesFor } from './backend-plan.ts'
import type { BackendWish, HardwareFacts } from './hardware.ts'

function show(wishes: readonly BackendWish[] | null): string {
  const one = ({ backend, atLeast, atMost }: BackendWish): string =>
    backend + (atLeast === null ? '' : ` ${atLeast}-${atMost}`)
  return wishes?.map(one).join(', ') ?? 'null'
}

const plan = (facts: Partial<HardwareFacts>): string => show(backendPlan(machine(facts)))

test('the plan ends with the CPU, which is all that a machine without a GPU has', () => {
  assert.equal(plan({}), 'cpu')
  assert.deepEqual(leftOut(machine()), [])
})

test('the driver decides which CUDA comes first; newer minor versions come after those that it knows', () => {
  assert.equal(
    plan(nvidia('590.44.01', '13.1', '8.6')),
    'cuda 13.0-13.1, cuda 13.2-13, cuda 12.0-12, cuda 11.0-11, cpu',
  )
  assert.equal(plan(nvidia('550.54', '12.4', '8.6')), 'cuda 12.0-12.4, cuda 12.5-12, cuda 11.0-11, cpu')
  assert.equal(plan(nvidia('470.82', '11.4', '8.6')), 'cuda 11.0-11.4, cuda 11.5-11, cpu')
})

test('what the driver does not say is taken from its version, and the other way round', () => {
  for (const [driver, cuda] of [
    ['580.1', '13.0'],
    ['575', '12.8'],
    ['570.86', '12.8'],
    ['560', '12.6'],
    ['555', '12.5'],
    ['550', '12.4'],
    ['545', '12.3'],
    ['535.1', '12.2'],
    ['525', '12.0'],
    ['524', '11.0'],
  ] as const)
    assert.equal(backendPlan(machine(nvidia(driver, null, null)))[0]?.atMost, cuda, driver)
  assert.equal(plan(nvidia(null, '12.4', '8.6')), 'cuda 12.0-12.4, cuda 12.5-12, cuda 11.0-11, cpu')
  // A compatibility library for CUDA 13 beside a driver for 12.
  assert.equal(backendPlan(machine(nvidia('550', '13.0', '8.6')))[0]?.atMost, '12.4')
})

test('the chips decide which CUDA has kernels for them, all of several at once', () => {
  assert.equal(plan(nvidia('580.95', '13.0', '6.1')), 'cuda 12.0-12, cuda 11.0-11, cpu')
  assert.equal(plan(nvidia('580.95', '13.0', '7.0', '8.6')), 'cuda 12.0-12, cuda 11.0-11, cpu')
  assert.equal(plan(nvidia('580.95', '13.0', '12.0')), 'cuda 13.0-13.0, cuda 13.1-13, cuda 12.8-12, cpu')
  assert.equal(plan(nvidia('580.95', '13.0', '12.1')), 'cuda 13.0-13.0, cuda 13.1-13, cuda 12.9-12, cpu')
  assert.equal(plan(nvidia('580.95', '13.0', '10.3', '8.6')), 'cuda 13.0-13.0, cuda 13.1-13, cuda 12.9-12, cpu')
  assert.equal(plan(nvidia('580.95', '13.0', '6.1', '12.0')), 'cuda 12.8-12, cpu')
  assert.equal(plan(nvidia('570.1', '12.8', '12.1')), 'cuda 12.9-12, cpu')
  assert.equal(plan(nvidia('580.95', '13.0', null)), 'cuda 13.0-13.0, cuda 13.1-13, cuda 12.0-12, cuda 11.0-11, cpu')
  assert.match(
    backendPlan(machine(nvidia('580.95', '13.0', '6.1')))[0]?.why ?? '',
    /CUDA 13 has no kernels for compute capability 6\.1/,
  )
})

test('without a driver, a GPU or a fitting build there is no CUDA, and the reason is told', () => {
  for (const [facts, words] of [
    [nvidia(null, null, '8.6'), /no NVIDIA driver/],
    [nvidia('580', '13.0'), /shows no GPU/],
    [nvidia('390.1', '9.1', '6.1'), /older than 450/],
    [nvidia('580', '13.0', '2.1'), /compute capability 2\.1/],
    [nvidia('460', '11.2', '12.0'), /compute capability 12\.0/],
  ] as const) {
    assert.equal(plan(facts), 'cpu')
    assert.match(leftOut(machine(facts)).join(' '), words)
  }
})

test('ROCm is for the chips of its builds, Vulkan for real devices', () => {
  assert.equal(plan({ ...amd('gfx1101'), ...vulkan }), 'rocm, vulkan, cpu')
  assert.equal(plan({ ...amd('gfx1036', 'gfx1101'), ...vulkan }), 'rocm, vulkan, cpu')
  assert.equal(plan({ ...amd('gfx1151'), ...vulkan }), 'vulkan, rocm, cpu')
  assert.equal(plan({ ...amd('gfx803'), ...vulkan }), 'vulkan, cpu')
  assert.equal(plan({ ...amd(null), ...vulkan }), 'vulkan, cpu')
  assert.equal(plan(amd('gfx90a')), 'rocm, cpu')
  assert.equal(plan({ platform: 'win32', ...amd('gfx90a') }), 'cpu')
  assert.equal(plan({ arch: 'arm64', ...amd('gfx1101') }), 'cpu')
  assert.equal(plan({ vulkan: { devices: [] } }), 'cpu')
  assert.match(leftOut(machine(amd('gfx803'))).join(' '), /no kernels for gfx803/)
  assert.match(leftOut(machine({ vulkan: { devices: [] } })).join(' '), /no real device/)
})

test('all GPUs of a machine are in one plan', () => {
  assert.equal(
    plan({ ...nvidia('550', '12.4', '8.6'), ...amd('gfx1100'), ...vulkan }),
    'cuda 12.0-12.4, cuda 12.5-12, cuda 11.0-11, rocm, vulkan, cpu',
  )
})

test('SYCL and OpenVINO are never planned, Vulkan not on Windows with arm64', () => {
  assert.equal(plan({ intel: { gpu: true, levelZero: true }, ...vulkan }), 'vulkan, cpu')
  assert.equal(plan({ intel: { gpu: true, levelZero: true } }), 'cpu')
  assert.equal(plan({ platform: 'win32', arch: 'arm64', ...vulkan }), 'cpu')
})

test('Macs with Apple chips have Metal, unless the process is translated', () => {
  assert.equal(plan({ platform: 'darwin', arch: 'arm64', ...vulkan }), 'metal, cpu')
  assert.equal(plan({ platform: 'darwin', arch: 'x64' }), 'cpu')
  assert.match(leftOut(machine({ platform: 'darwin', translated: true })).join(' '), /Rosetta/)
})

test('a variant asked for stands alone; the versions that suit the machine come first', () => {
  const facts = machine({ ...nvidia('550', '12.4', '8.6'), ...vulkan })
  assert.equal(show(wishesFor('auto', facts)), plan({ ...nvidia('550', '12.4', '8.6'), ...vulkan }))
  assert.equal(show(wishesFor('auto', null)), 'cpu')
  assert.equal(show(wishesFor('cpu', facts)), 'cpu')
  assert.equal(show(wishesFor('cuda', facts)), 'cuda 12.0-12.4, cuda 12.5-12, cuda 11.0-11, cuda')
  assert.equal(show(wishesFor('cuda', null)), 'cuda')
  assert.equal(show(wishesFor('CUDA-12.8', facts)), 'cuda 12.8-12.8')
  assert.equal(show(wishesFor('cuda-12', facts)), 'cuda 12-12')
  assert.equal(show(wishesFor('hip', null)), 'rocm')
  assert.equal(show(wishesFor('sycl', facts)), 'sycl')
  assert.equal(wishesFor('sycl-fp16', facts), null)
  assert.equal(wishesFor('all', facts), null)
  assert.equal(wishesFor('constructor', facts), null)
  for (const variant of ['', ' ', '-', 'a b', 'cuda/..', '\u202e', 'a'.repeat(100_000)])
    assert.throws(() => wishesFor(variant, facts), { code: 'usage' }, variant)
})
