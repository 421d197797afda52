import type { OpenStore } from '../deliver/ollama-store.ts'
import { liveness } from '../transfer/owner.ts'

/**
 * Frees what killed processes of this machine left unpacked in a store, which may be as large as a model. Of other
 * machines and containers nobody can tell; theirs stays until it is asked for by its age. A failure is only told.
 */
export async function removeAbandoned(
  store: Pick<OpenStore, 'removeAbandoned'>,
  onWarning: (message: string) => void,
): Promise<void> {
  try {
    await store.removeAbandoned((owner) => liveness(owner) === 'dead')
  } catch (error) {
    onWarning(
      `What a killed process left could not be removed: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
