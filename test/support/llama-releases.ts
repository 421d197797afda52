import type { ReleaseAsset } from '../../src/core/release.ts'

const win = (tag: string, builds: string): string[] =>
  builds.split(' ').map((build) => `llama-${tag}-bin-win-${build}.zip`)
const unix = (tag: string, builds: string, format = 'tar.gz'): string[] =>
  builds.split(' ').map((build) => `llama-${tag}-bin-${build}.${format}`)
const cudart = (versions: string): string[] =>
  versions.split(' ').map((version) => `cudart-llama-bin-win-${version}.zip`)

/** The files of llama.cpp's releases by tag: one of each era of their names. */
export const llamaReleases: Readonly<Record<string, readonly string[]>> = {
  b11541: [
    ...unix(
      'b11541',
      'ubuntu-x64 ubuntu-arm64 ubuntu-s390x ubuntu-vulkan-x64 ubuntu-vulkan-arm64 ubuntu-cuda-12.8-x64 ubuntu-cuda-13.4-x64 ' +
        'ubuntu-cuda-13.4-arm64 ubuntu-rocm-10.0-x64 ubuntu-sycl-fp16-x64 ubuntu-sycl-fp32-x64 ubuntu-openvino-2026.4.1-x64 ' +
        'linux-arm64-snapdragon android-arm64 android-arm64-snapdragon macos-arm64 macos-x64',
    ),
    ...win(
      'b11541',
      'cpu-x64 cpu-arm64 vulkan-x64 vulkan-arm64 cuda-12.4-x64 cuda-13.4-x64 cuda-13.4-arm64 rocm-10.0-x64 sycl-x64 ' +
        'openvino-2026.4.1-x64 opencl-adreno-arm64',
    ),
    'cudart-llama-b11541-bin-ubuntu-cuda-12.8-x64.tar.gz',
    'cudart-llama-b11541-bin-ubuntu-cuda-13.4-x64.tar.gz',
    'cudart-llama-b11541-bin-ubuntu-cuda-13.4-arm64.tar.gz',
    ...cudart('cuda-12.4-x64 cuda-13.4-x64 cuda-13.4-arm64'),
    'llama-b11541-ui.tar.gz',
    'llama-b11541-xcframework.zip',
  ],
  b10000: [
    ...unix(
      'b10000',
      'ubuntu-x64 ubuntu-arm64 ubuntu-s390x ubuntu-vulkan-x64 ubuntu-vulkan-arm64 ubuntu-rocm-7.2-x64 ubuntu-sycl-fp16-x64 ' +
        'ubuntu-sycl-fp32-x64 ubuntu-openvino-2026.2.1-x64 android-arm64 macos-arm64 macos-x64',
    ),
    ...win(
      'b10000',
      'cpu-x64 cpu-arm64 vulkan-x64 cuda-12.4-x64 cuda-13.3-x64 hip-radeon-x64 sycl-x64 openvino-2026.2.1-x64 opencl-adreno-arm64',
    ),
    ...cudart('cuda-12.4-x64 cuda-13.3-x64'),
    'llama-b10000-ui.tar.gz',
    'llama-b10000-xcframework.zip',
  ],
  b9420: [
    ...unix(
      'b9420',
      'ubuntu-x64 ubuntu-arm64 ubuntu-s390x ubuntu-vulkan-x64 ubuntu-vulkan-arm64 ubuntu-rocm-7.2-x64 ubuntu-sycl-fp16-x64 ' +
        'ubuntu-sycl-fp32-x64 ubuntu-openvino-2026.0-x64 android-arm64 macos-arm64 macos-x64',
    ),
    ...win(
      'b9420',
      'cpu-x64 cpu-arm64 vulkan-x64 cuda-12.4-x64 cuda-13.3-x64 hip-radeon-x64 sycl-x64 opencl-adreno-arm64',
    ),
    ...cudart('cuda-12.4-x64 cuda-13.3-x64'),
    'llama-b9420-ui.tar.gz',
    'llama-b9420-xcframework.zip',
  ],
  // An incomplete one: Linux on x64 is not there.
  b9352: [
    ...unix('b9352', 'ubuntu-arm64 ubuntu-s390x macos-arm64'),
    ...win('b9352', 'cpu-arm64 opencl-adreno-arm64'),
    ...cudart('cuda-12.4-x64 cuda-13.1-x64'),
    'llama-b9352-ui.tar.gz',
  ],
  b9168: [
    ...unix(
      'b9168',
      'ubuntu-x64 ubuntu-arm64 ubuntu-s390x ubuntu-vulkan-x64 ubuntu-vulkan-arm64 ubuntu-rocm-7.2-x64 ubuntu-sycl-fp16-x64 ' +
        'ubuntu-sycl-fp32-x64 ubuntu-openvino-2026.0-x64 android-arm64 macos-arm64 macos-arm64-kleidiai macos-x64 ' +
        '910b-openEuler-x86-aclgraph 910b-openEuler-aarch64-aclgraph 310p-openEuler-x86 310p-openEuler-aarch64',
    ),
    ...win(
      'b9168',
      'cpu-x64 cpu-arm64 vulkan-x64 cuda-12.4-x64 cuda-13.1-x64 hip-radeon-x64 sycl-x64 opencl-adreno-arm64',
    ),
    ...cudart('cuda-12.4-x64 cuda-13.1-x64'),
    'llama-b9168-xcframework.zip',
  ],
  b7300: [
    ...unix('b7300', 'ubuntu-x64 ubuntu-s390x ubuntu-vulkan-x64 macos-arm64 macos-x64', 'zip'),
    ...unix('b7300', 'ubuntu-x64 ubuntu-s390x ubuntu-vulkan-x64 macos-arm64 macos-x64'),
    ...win('b7300', 'cpu-x64 cpu-arm64 vulkan-x64 cuda-12.4-x64 hip-radeon-x64 sycl-x64 opencl-adreno-arm64'),
    ...cudart('cuda-12.4-x64'),
    'llama-b7300-xcframework.zip',
  ],
  b6862: [
    ...unix('b6862', 'ubuntu-x64 ubuntu-s390x-z15 ubuntu-vulkan-x64 macos-arm64 macos-x64', 'zip'),
    ...win('b6862', 'cpu-x64 cpu-arm64 vulkan-x64 cuda-12.4-x64 hip-radeon-x64 sycl-x64 opencl-adreno-arm64'),
    ...cudart('cuda-12.4-x64'),
    'llama-b6862-xcframework.zip',
  ],
  b5310: [
    ...unix('b5310', 'ubuntu-x64 ubuntu-arm64 ubuntu-vulkan-x64 macos-arm64 macos-x64', 'zip'),
    ...win(
      'b5310',
      'cpu-x64 cpu-arm64 vulkan-x64 cuda-cu11.7-x64 cuda-cu12.4-x64 hip-x64-gfx1030 hip-x64-gfx1100 sycl-x64 opencl-adreno-arm64',
    ),
    ...cudart('cu11.7-x64 cu12.4-x64'),
    'llama-b5310-xcframework.zip',
  ],
  b4410: [
    ...unix('b4410', 'ubuntu-x64 macos-arm64 macos-x64', 'zip'),
    ...win(
      'b4410',
      'noavx-x64 avx-x64 avx2-x64 avx512-x64 openblas-x64 kompute-x64 vulkan-x64 sycl-x64 cuda-cu11.7-x64 cuda-cu12.4-x64 ' +
        'hip-x64-gfx1030 hip-x64-gfx1100 hip-x64-gfx1101 llvm-arm64 msvc-arm64 llvm-arm64-opencl-adreno',
    ),
    ...cudart('cu11.7-x64 cu12.4-x64'),
  ],
}

/** Files of a release, all uploaded, that lead nowhere. */
export function releaseAssets(names: readonly string[]): ReleaseAsset[] {
  return names.map((name) => ({ name, size: 1, sha256: null, url: `https://files.test/${name}`, uploaded: true }))
}
