import { createListing } from '../installed/use-listing.ts'
import { client } from '../state/client.ts'

/** The installed models. */
export const useModels = createListing('model', () => client.models())
