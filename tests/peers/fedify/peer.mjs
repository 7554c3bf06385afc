// A server of the fediverse with one person on it, on loopback only. It does what tests ask of it
// under /_test/ and ends when its standard input closes: it never outlives its parent.
import { serve } from '@hono/node-server'
import { Temporal } from '@js-temporal/polyfill'

// Fedify 1.8 wants Node 22 for this one function alone; Debian has 20.
ArrayBuffer.prototype.transfer ??= function (length = this.byteLength) {
  const moved = new ArrayBuffer(length)
  new Uint8Array(moved).set(new Uint8Array(this).subarray(0, length))
  return moved
}

const [port, library, firstKnock] = process.argv.slice(2)
const fedify = await import(library)
const { Accept, Create, Delete, Follow, Note, Person, Tombstone, Undo, Update } = fedify
const base = `http://127.0.0.1:${port}`
const everyone = new URL('https://www.w3.org/ns/activitystreams#Public')
const keys = [await fedify.generateCryptoKeyPair('RSASSA-PKCS1-v1_5')]
const heard = [] // activities that were believed
const knocks = [] // how each delivery was signed, and what we answered

const federation = fedify.createFederation({
  kv: new fedify.MemoryKvStore(),
  allowPrivateAddress: true,
  ...(firstKnock ? { firstKnock } : {}),
})
federation
  .setActorDispatcher('/users/{identifier}', async (ctx, name) => {
    if (name !== 'ana') return null
    const pairs = await ctx.getActorKeyPairs(name)
    return new Person({
      id: ctx.getActorUri(name),
      preferredUsername: name,
      name: 'Ana',
      inbox: ctx.getInboxUri(name),
      endpoints: new fedify.Endpoints({ sharedInbox: ctx.getInboxUri() }),
      url: ctx.getActorUri(name),
      publicKey: pairs[0].cryptographicKey,
    })
  })
  .setKeyPairsDispatcher(async () => keys)

const wrote = async (ctx, activity) => {
  const thing = await activity.getObject({ ...ctx, crossOrigin: 'trust' }).catch(() => null)
  heard.push({
    type: activity.constructor.name,
    id: activity.id?.href,
    actor: activity.actorId?.href,
    object: activity.objectId?.href ?? thing?.id?.href,
    kind: thing?.constructor.name,
    content: thing?.content?.toString() ?? thing?.summary?.toString(),
  })
}
federation
  .setInboxListeners('/users/{identifier}/inbox', '/inbox')
  .on(Accept, wrote)
  .on(Create, wrote)
  .on(Update, wrote)
  .on(Delete, wrote)

const context = () => federation.createContext(new URL(base), undefined)
const me = (ctx) => ctx.getActorUri('ana')
const tell = async (who, make) => {
  const ctx = context()
  const actor = await ctx.lookupObject(who)
  const activity = make(ctx, actor)
  await ctx.sendActivity({ identifier: 'ana' }, actor, activity, { immediate: true })
  return { sent: activity.id.href }
}
const follow = (ctx, actor) =>
  new Follow({ id: new URL(`#follow`, me(ctx)), actor: me(ctx), object: actor.id })
// Said again because no answer came, a note says the same: also when it was written.
const writtenAt = new Map()
const written = (n) => {
  if (!writtenAt.has(n)) writtenAt.set(n, Temporal.Now.instant())
  return writtenAt.get(n)
}
const reply = (ctx, to, text, n) =>
  new Note({
    id: new URL(`#reply${n}`, me(ctx)),
    attribution: me(ctx),
    replyTarget: new URL(to),
    content: text,
    to: everyone,
    published: written(n),
  })

const commands = {
  heard: () => heard,
  knocks: () => knocks,
  finger: ({ who }) => fedify.lookupWebFinger(new URL(who), { allowPrivateAddress: true }),
  outbox: async ({ who }) => {
    const ctx = context()
    const actor = await ctx.lookupObject(who)
    const found = []
    for await (const item of ctx.traverseCollection(await actor.getOutbox(ctx))) {
      const note = await item.getObject(ctx)
      found.push({ type: item.constructor.name, id: note.id.href, content: note.content.toString() })
    }
    return { name: actor.name.toString(), kind: actor.constructor.name, found }
  },
  follow: ({ who }) => tell(who, follow),
  unfollow: ({ who }) =>
    tell(
      who,
      (ctx, actor) =>
        new Undo({ id: new URL('#undo', me(ctx)), actor: me(ctx), object: follow(ctx, actor) }),
    ),
  reply: ({ who, to, text, n = '' }) =>
    tell(
      who,
      (ctx) =>
        new Create({
          id: new URL(`#create${n}`, me(ctx)),
          actor: me(ctx),
          object: reply(ctx, to, text, n),
          to: everyone,
        }),
    ),
  unreply: ({ who }) =>
    tell(
      who,
      (ctx) =>
        new Delete({
          id: new URL('#unreply', me(ctx)),
          actor: me(ctx),
          object: new Tombstone({ id: new URL('#reply', me(ctx)) }),
        }),
    ),
  vanish: ({ who }) =>
    tell(
      who,
      (ctx) => new Delete({ id: new URL('#vanish', me(ctx)), actor: me(ctx), object: me(ctx) }),
    ),
}

const answer = async (request) => {
  const url = new URL(request.url)
  const command = commands[url.pathname.replace('/_test/', '')]
  if (command) {
    try {
      return Response.json(await command(Object.fromEntries(url.searchParams)))
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 502 })
    }
  }
  const spec = request.headers.has('signature-input') ? 'rfc9421' : 'draft'
  const said = await federation.fetch(request, { contextData: undefined })
  if (request.method === 'POST') knocks.push({ spec, status: said.status })
  return said
}

serve({ port: Number(port), hostname: '127.0.0.1', fetch: answer })
process.stdin.on('end', () => process.exit(0)).resume()
