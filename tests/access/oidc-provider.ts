import Provider from 'oidc-provider'

/**
 * An identity provider of another house: a certified implementation in a process of its own, whose people log in at its own page.
 * Anybody may say who they are: what is tried is our side of the border.
 */
const [issuer = '', clientId = '', clientSecret = '', redirectUri = ''] = process.argv.slice(2)
const port = Number(new URL(issuer).port)

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  cookies: { keys: [clientSecret] },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  pkce: { required: () => true },
})
provider.listen(port, '127.0.0.1', () => console.log(`ready ${JSON.stringify({ port })}`))
