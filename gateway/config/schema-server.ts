import { isIP } from 'node:net'
import { z } from 'zod'
import { duration, size } from './units.ts'

/** Of what cannot be one the gateway would only find out when it starts the next time. */
const hostName = z
  .string()
  .regex(/^[A-Za-z0-9._:%-]+$/, 'expected an address of this machine such as 127.0.0.1, or a host name')
  .refine((host) => !/^[\d.]+$/.test(host) || isIP(host) !== 0, 'is no address: its four numbers go up to 255')

/** The section `server` of gateway.yaml. */
export const server = z.strictObject({
  port: z.int().min(0).max(65_535).default(8080).meta({ description: 'Port to listen on; 0 takes any free one.' }),
  host: hostName.default('127.0.0.1').meta({
    description: 'Address to listen on. Anything else than loopback opens the gateway to other machines.',
  }),
  readTimeout: duration.prefault('30s').meta({ description: 'Longest time a client may take to send its request.' }),
  writeTimeout: duration.prefault('120s').meta({
    description: 'Longest time without progress towards a client that does not read; then the connection is closed.',
  }),
  drainTimeout: duration.prefault('30s').meta({
    description:
      'How long running calls may finish after SIGTERM. Those that are late end with an error in their own format.',
  }),
  bodyLimit: size
    .prefault('32MB')
    .meta({ description: 'Largest request body; a larger one is refused with 413. Forms have a limit of their own.' }),
  allowedHosts: z.array(z.string().min(1)).optional().meta({
    description:
      'Names clients may use in the `Host` header besides `localhost`, `127.0.0.1`, `::1` and `server.host`. Keeps web pages from reaching the gateway through a name of their own (DNS rebinding). Absent, a gateway on an address other than loopback takes any name.',
  }),
  cors: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .meta({ description: 'Answer CORS preflights, so that web pages can use the gateway.' }),
      allowedOrigins: z.array(z.string().min(1)).default([]).meta({
        description:
          'Pages that may, such as `http://localhost:3000`; `*` is every page. A request whose `Origin` is not listed is refused with 403, whatever it asks.',
      }),
    })
    .prefault({}),
})
