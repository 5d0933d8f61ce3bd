package browsertest

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"yrkesresan/internal/db"
)

// authenticator puts a phone's authenticator into the browser; change makes it tell
// other flags of its keys from then on.
func (b *Browser) authenticator() (change func(eligible, backed bool)) {
	b.t.Helper()
	var id webauthn.AuthenticatorID
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		added, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
			DefaultBackupEligibility: true,
		}})
		id = added.AuthenticatorID
		return err
	}))
	return func(eligible, backed bool) {
		b.t.Helper()
		b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			all, err := chromedp.Call(ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: id})
			if err != nil {
				return err
			}
			for _, c := range all.Credentials {
				if _, err := chromedp.Call(ctx, webauthn.SetCredentialProperties, webauthn.SetCredentialPropertiesParams{
					AuthenticatorID: id, CredentialID: c.CredentialID, BackupEligibility: &eligible, BackupState: &backed,
				}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// Somebody adds a passkey and signs in with it, again and again: also when its maker has
// begun to keep a copy. When it is removed the page says so, and the letter is left.
func TestSigningInWithAPasskey(t *testing.T) {
	d := sqlite(t)
	site := demoSiteAt(t, d, "localhost")
	b := Open(t)
	b.Size(360, 740)
	change := b.authenticator()
	b.signIn(site, "medarbetare@example.org")
	b.Visit(site + "/my/sessions")
	b.Follow(func() { b.Click(`a[href="/my/passkeys/new"]`) })
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("the page of a new key: %v", problems)
	}
	b.Type("#f-name", "Min mobil")
	b.Follow(func() { b.Click("main form button") })
	if text := b.Text(); b.Path() != "/my/sessions" || !strings.Contains(text, "Min mobil") {
		t.Fatalf("after adding a key, at %s:\n%s", b.Path(), text)
	}
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("the page with the key: %v", problems)
	}
	signOut := func() {
		t.Helper()
		b.Follow(func() { Eval[bool](b, `document.querySelector('[action="/session/end"]').requestSubmit(); true`) })
	}
	for _, flags := range []struct{ eligible, backed bool }{{true, false}, {true, true}, {false, false}} {
		change(flags.eligible, flags.backed)
		signOut()
		b.Visit(site + "/sign-in?next=%2Fmy%2Fjourney")
		b.Follow(func() { b.Click("form[data-passkey] button") })
		if path := b.Path(); path != "/my/journey" {
			t.Fatalf("signed in with the flags %v, one is at %s:\n%s", flags, path, b.Text())
		}
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `UPDATE passkey SET removed_at = 1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	signOut()
	b.Visit(site + "/sign-in")
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("the page where one signs in: %v", problems)
	}
	told := Eval[string](b, `new Promise((done) => {
		const told = document.querySelector("form[data-passkey] [role=status]");
		new MutationObserver(() => told.textContent && done(told.textContent)).observe(told, {childList: true});
		document.querySelector("form[data-passkey] button").click();
	})`)
	if !strings.Contains(told, "Vi känner inte igen nyckeln") {
		t.Errorf("a key that was removed: %s", told)
	}
	if text := b.Text(); !strings.Contains(text, "Skicka mejlet") {
		t.Errorf("the letter is not offered:\n%s", text)
	}
}

// Without script nobody is shown what needs it.
func TestWithoutScriptThereIsNoPasskeyButton(t *testing.T) {
	site := demoSiteAt(t, sqlite(t), "localhost")
	b := Open(t)
	b.script(false)
	b.Visit(site + "/sign-in")
	if text := b.Text(); strings.Contains(text, "Logga in med nyckel") || !strings.Contains(text, "Skicka mejlet") {
		t.Errorf("the page says:\n%s", text)
	}
}
