/** What is known of the machine that libraries are to run on. What could not be found out is null, never guessed. */
export interface HardwareFacts {
  /** Node's spellings: linux, darwin, win32 and so on; x64, arm64. */
  readonly platform: string
  readonly arch: string
  /** `glibc 2.36` is `{ family: 'glibc', version: '2.36' }`; null elsewhere than on Linux. */
  readonly libc: { readonly family: 'glibc' | 'musl'; readonly version: string | null } | null
  /** `15.1` on macOS, null elsewhere. */
  readonly osVersion: string | null
  /** An x64 process on arm64 hardware (Rosetta). */
  readonly translated: boolean
  readonly nvidia: NvidiaFacts | null
  readonly amd: { readonly gpus: ReadonlyArray<{ readonly name: string; readonly gfx: string | null }> } | null
  readonly intel: { readonly gpu: boolean; readonly levelZero: boolean } | null
  /** Real devices only: a renderer on the CPU (llvmpipe) is none. */
  readonly vulkan: {
    readonly devices: ReadonlyArray<{ readonly name: string; readonly kind: 'discrete' | 'integrated' | 'other' }>
  } | null
  /** Where each fact comes from, and what could not be asked: sentences for people. */
  readonly notes: readonly string[]
}

export interface NvidiaFacts {
  /** `580.95.05` */
  readonly driver: string | null
  /** Newest CUDA that the driver supports: `13.0`. */
  readonly cuda: string | null
  /** Compute capability as `8.6`. */
  readonly gpus: ReadonlyArray<{
    readonly name: string
    readonly capability: string | null
    readonly memory: number | null
  }>
}

/** One way to use the machine, best first in a plan. */
export interface BackendWish {
  readonly backend: 'cpu' | 'cuda' | 'rocm' | 'vulkan' | 'sycl' | 'opencl' | 'openvino' | 'metal'
  /** Newest version of its toolkit that may be used, null where that does not matter. */
  readonly atMost: string | null
  /** Oldest that makes sense for this hardware. */
  readonly atLeast: string | null
  /** Why, in one sentence. */
  readonly why: string
}
