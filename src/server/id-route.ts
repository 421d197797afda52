import { z } from 'zod'
import { route } from './route.ts'
import type { Route, RouteInput } from './route.ts'

/** What is answered where there is no more to tell than that it is done. */
export const idOnly = z.strictObject({ id: z.string() })

interface IdRoute<Q, B> extends Omit<Route<Q, B>, 'answer' | 'handle'> {
  act(input: RouteInput<Q, B>): Promise<void>
}

/** A route that does something to what its path names, and answers with the id. */
export function idRoute<Q = undefined, B = undefined>({ act, ...definition }: IdRoute<Q, B>): Route {
  return route<Q, B, { id: string }>({
    ...definition,
    answer: { status: 200, schema: idOnly },
    async handle(input) {
      await act(input)
      return { id: input.id }
    },
  })
}
