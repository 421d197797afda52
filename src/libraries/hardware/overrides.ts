/** Whether the user says that a kind of hardware is not to be looked for: `SLUICE_SKIP_CUDA=1`. `0` and nothing mean no. */
export function isSkipped(env: NodeJS.ProcessEnv, kind: 'CUDA' | 'ROCM' | 'SYCL' | 'VULKAN'): boolean {
  const value = env[`SLUICE_SKIP_${kind}`]?.trim() ?? ''
  return value !== '' && value !== '0' && value.toLowerCase() !== 'false'
}
