import { z } from 'zod'
import type { Manager } from '../../manager/types.ts'
import { idRoute } from '../id-route.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { delivery, schedule, scheduleInput, settings, settingsChange, webhook, webhookInput } from '../schemas/rest.ts'

/** What the daemon goes by. */
export function settingsRoutes(manager: Manager): Route[] {
  const tag = 'Settings'
  return [
    route({
      method: 'get',
      path: '/api/settings',
      tag,
      summary: 'All settings',
      answer: { status: 200, schema: settings },
      handle: () => manager.settings(),
    }),
    route({
      method: 'put',
      path: '/api/settings',
      tag,
      summary: 'Change some settings, at once and for good',
      body: { schema: settingsChange },
      answer: { status: 200, schema: settings },
      handle: ({ body }) => manager.changeSettings(body),
    }),
    route({
      method: 'post',
      path: '/api/settings/reset',
      tag,
      summary: 'All settings back to their defaults',
      answer: { status: 200, schema: settings },
      handle: () => manager.resetSettings(),
    }),
  ]
}

export function scheduleRoutes(manager: Manager): Route[] {
  const tag = 'Schedules'
  return [
    route({
      method: 'get',
      path: '/api/schedules',
      tag,
      summary: 'Downloads that are added at certain times',
      answer: { status: 200, schema: z.strictObject({ schedules: z.array(schedule).readonly() }) },
      handle: async () => ({ schedules: await manager.schedules() }),
    }),
    route({
      method: 'post',
      path: '/api/schedules',
      tag,
      summary: 'Add a schedule',
      body: { schema: scheduleInput },
      answer: { status: 201, schema: schedule },
      handle: ({ body }) => manager.addSchedule(body),
    }),
    route({
      method: 'put',
      path: '/api/schedules/{id}',
      tag,
      summary: 'Change a schedule; what is left away stays',
      body: { schema: scheduleInput },
      answer: { status: 200, schema: schedule },
      handle: ({ id, body }) => manager.changeSchedule(id, body),
    }),
    idRoute({
      method: 'delete',
      path: '/api/schedules/{id}',
      tag,
      summary: 'Remove a schedule',
      act: ({ id }) => manager.removeSchedule(id),
    }),
  ]
}

export function webhookRoutes(manager: Manager): Route[] {
  const tag = 'Webhooks'
  return [
    route({
      method: 'get',
      path: '/api/webhooks',
      tag,
      summary: 'Addresses that are told when a download starts, completes or fails',
      answer: { status: 200, schema: z.strictObject({ webhooks: z.array(webhook).readonly() }) },
      handle: async () => ({ webhooks: await manager.webhooks() }),
    }),
    route({
      method: 'post',
      path: '/api/webhooks',
      tag,
      summary: 'Add a webhook',
      body: { schema: webhookInput },
      answer: { status: 201, schema: webhook },
      handle: ({ body }) => manager.addWebhook(body),
    }),
    route({
      method: 'put',
      path: '/api/webhooks/{id}',
      tag,
      summary: 'Change a webhook; what is left away stays',
      body: { schema: webhookInput },
      answer: { status: 200, schema: webhook },
      handle: ({ id, body }) => manager.changeWebhook(id, body),
    }),
    idRoute({
      method: 'delete',
      path: '/api/webhooks/{id}',
      tag,
      summary: 'Remove a webhook',
      act: ({ id }) => manager.removeWebhook(id),
    }),
    route({
      method: 'post',
      path: '/api/webhooks/{id}/test',
      tag,
      summary: 'Send a test event and tell how it went',
      answer: { status: 200, schema: delivery },
      handle: ({ id }) => manager.testWebhook(id),
    }),
  ]
}
