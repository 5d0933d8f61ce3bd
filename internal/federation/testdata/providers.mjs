// A provider of OpenID Connect and one of SAML 2.0, as others have written them, on one
// port of this machine: the tests sign in at both. Settings come on standard input as
// JSON, the port goes to standard output. /control?… says who is signed in from now on
// (account), with which key OIDC signs (key) and what SAML sends instead (audience). /slo is
// SAML's page for signing out, of a session that it calls session-1: asked nothing it asks
// us, by a form with ?post. Where we take what is said of that stands in logout, back and
// channel, if anywhere.
import http from "node:http";
import { readFileSync } from "node:fs";
import { createPrivateKey } from "node:crypto";
import { Provider } from "oidc-provider";
import samlp from "samlp";

const settings = JSON.parse(readFileSync(0, "utf8"));
const state = { account: "anna", key: 0, audience: "" };
const people = {
  anna: { sub: "oidc-anna", email: "anna@falun.example.org", email_verified: true, given_name: "Anna", family_name: "Ek" },
  unsure: { sub: "oidc-unsure", email: "bo@falun.example.org", email_verified: false, given_name: "Bo", family_name: "Ek" },
};

const server = http.createServer((req, res) => answer(req, res).catch((error) => {
  console.error(error);
  res.writeHead(500).end(String(error));
}));
server.listen(0, "127.0.0.1", () => {
  start();
  console.log(server.address().port);
});

let oidc, base;
const saml = samlp.auth({
  issuer: "urn:example:idp", cert: settings.cert, key: settings.privateKey, signingCert: settings.serviceCert, deflate: true,
  getPostURL: (audience, request, req, done) => done(null, request.documentElement.getAttribute("AssertionConsumerServiceURL")),
  getUserFromRequest: () => ({ id: "saml-" + state.account, emails: [{ value: people[state.account].email }], name: { givenName: "Anna", familyName: "Ek" } }),
  nameIdentifierFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  recipient: settings.answer, destination: settings.answer, lifetimeInSeconds: 300, sessionIndex: "session-1",
});
const memory = {};
const leave = (binding) => samlp.logout({
  issuer: "urn:example:idp", cert: settings.cert, key: settings.privateKey, deflate: true, protocolBinding: "urn:oasis:names:tc:SAML:2.0:bindings:" + binding,
  sessionParticipants: leave.all,
});
const nowInside = async () => {
  leave.all = new (await import("../../../node_modules/samlp/lib/sessionParticipants/index.js")).default([{
    serviceProviderId: settings.service, nameId: "saml-" + state.account, nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    sessionIndex: "session-1", serviceProviderLogoutURL: settings.logout, cert: settings.serviceCert,
  }]);
};

function start() {
  base = "http://127.0.0.1:" + server.address().port;
  oidc = new Provider(base, {
    clients: [{ client_id: "yrkesresan", client_secret: "secret-of-the-test", redirect_uris: [settings.redirect], ...(settings.back && {
      post_logout_redirect_uris: [settings.back], backchannel_logout_uri: settings.channel, backchannel_logout_session_required: true,
    }) }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["given_name", "family_name"] },
    cookies: { keys: ["a key of the test"] },
    jwks: { keys: [{ ...createPrivateKey(settings.keys[state.key]).export({ format: "jwk" }), kid: "key-" + state.key, use: "sig", alg: "RS256" }] },
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }), // of itself it asks no machine of its own network
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (ctx, interaction) => "/interaction/" + interaction.uid },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => Object.values(people).find((p) => p.sub === id) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  oidc.on("backchannel.error", (ctx, error) => console.error("backchannel", error));
}

async function answer(req, res) {
  const url = new URL(req.url, base);
  if (url.pathname === "/control") {
    Object.assign(state, Object.fromEntries(url.searchParams));
    if (url.searchParams.has("key")) start();
    res.end("ok");
  } else if (url.pathname === "/saml") {
    req.query = Object.fromEntries(url.searchParams);
    req.originalUrl = req.url;
    res.set = (name, value) => res.setHeader(name, value);
    res.send = (body) => res.end(String(body));
    await nowInside();
    saml(req, res, (error) => res.writeHead(400).end(String(error)));
  } else if (url.pathname === "/slo") {
    req.query = Object.fromEntries(url.searchParams);
    req.originalUrl = req.url;
    req.session = memory;
    let body = "";
    for await (const part of req) body += part;
    req.body = Object.fromEntries(new URLSearchParams(body));
    res.set = (name, value) => res.setHeader(name, value);
    res.send = (text) => res.end(String(text));
    res.redirect = (to) => res.writeHead(302, { location: to }).end();
    leave(url.searchParams.has("post") ? "HTTP-POST" : "HTTP-Redirect")(req, res, (error) => res.writeHead(400).end(String(error)));
  } else if (url.pathname.startsWith("/interaction/")) {
    await oidc.interactionFinished(req, res, { login: { accountId: people[state.account].sub } });
  } else {
    oidc.callback()(req, res);
  }
}
