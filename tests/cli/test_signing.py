"""Keys and signatures, checked with OpenSSL, and who is refused without one."""

import os
import stat
import subprocess

from program import Case, capimg


class Signing(Case):
    def setUp(self):
        super().setUp()
        self.image = self.fixture("foc-server-1")
        self.ok("keygen", "-o", self.path("builder"))
        self.ok("keygen", "-o", self.path("other"))
        self.key, self.pub = self.path("builder.key"), self.path("builder.pub")

    def signed(self, image=None, key=None, counter=7, name="signed.img"):
        output = self.path(name)
        self.ok("sign", image or self.image, "--key", key or self.key, "--counter", counter, "-o",
                output, "--no-sync")
        return output

    def refused(self, *arguments, says):
        result = capimg(*arguments)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn(says, result.stderr.decode())

    def finding(self, *arguments, says):
        result = capimg("verify", *arguments)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(says, result.stdout.decode())
        return result.stdout.decode()

    def test_openssl_reads_the_keys_and_accepts_the_signature(self):
        with open(self.signed(), "rb") as file:
            block = file.read()[-512:]
        for name, part in ("message", block[:448]), ("value", block[448:]):
            with open(self.path(name), "wb") as file:
                file.write(part)
        for key in [self.key], ["-pubin", self.pub]:
            subprocess.run(["openssl", "pkey", "-noout", *key[:-1], "-in", key[-1]], check=True)
        check = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-in", self.path("message"),
                 "-sigfile", self.path("value"), "-inkey"]
        subprocess.run([*check, self.pub], check=True, stdout=subprocess.DEVNULL)
        wrong = subprocess.run([*check, self.path("other.pub")], capture_output=True, check=False)
        self.assertNotEqual(wrong.returncode, 0)

    def test_keys_of_openssl_sign(self):
        key, pub = self.path("openssl.key"), self.path("openssl.pub")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
        with open(pub, "wb") as file:
            subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, stdout=file)
        self.ok("verify", self.signed(key=key), "--key", pub)

    def test_secret_keys_are_private(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.key).st_mode), 0o600)
        os.chmod(self.key, 0o644)
        result = self.ok("sign", self.image, "--key", self.key, "-o", self.path("x.img"))
        self.assertIn(b"others can read this secret key", result.stderr)
        self.refused("keygen", "-o", self.path("builder"), says="exists")
        with open(self.key, encoding="utf-8") as file:
            secret = file.read().split("\n")[1]
        for arguments in ["keygen", "-o", self.path("third")], ["inspect", self.signed()]:
            result = self.ok(*arguments)
            self.assertNotIn(secret.encode(), result.stdout + result.stderr)

    def test_verify_with_a_key(self):
        image = self.signed()
        self.assertIn("counter 7", self.ok("verify", image, "--key", self.pub).stdout.decode())
        self.ok("verify", image, "--key", self.pub, "--min-counter", 7, "--label", "fx_b")
        self.finding(image, "--key", self.path("other.pub"), says="not one of the key given")
        self.finding(image, "--key", self.pub, "--min-counter", 8, says="signature.counter")
        self.finding(image, "--key", self.pub, "--label", "fx", says="another component")
        self.finding(self.image, "--key", self.pub, says="not signed")

        # an attacker who can compute every checksum, and has no key
        forged = self.path("forged.img")
        with open(self.image, "rb") as file:
            unsigned = file.read()
        with open(image, "rb") as file:
            tail = file.read()[len(unsigned):]
        self.ok("rewrite", self.image, "--set", "0x860=0xfff0", "-o", forged)
        with open(forged, "rb") as file:
            other = file.read()
        with open(forged, "wb") as file:
            file.write(other[:len(unsigned)] + tail)
        text = self.finding(forged, "--key", self.pub, says="not those that were signed")
        self.assertEqual(text.count("needs signature"), 13)

    def test_without_a_key_the_damage_is_still_named(self):
        image = self.signed()
        with open(image, "r+b") as file:
            file.seek(5000)
            file.write(b"\xee\xee")
        text = self.finding(image, says="signature.piece")
        self.assertIn("block.storedDigest", text)
        self.assertNotIn("needs signature", text)

    def test_signing_again_replaces_the_signature(self):
        once = self.signed()
        twice = self.signed(once, self.path("other.key"), 9, "twice.img")
        self.finding(twice, "--key", self.pub, says="not one of the key given")
        self.ok("verify", twice, "--key", self.path("other.pub"), "--min-counter", 9)
        self.assertEqual(os.path.getsize(once), os.path.getsize(twice))

    def test_what_is_made_from_a_signed_image(self):
        image = self.signed()
        swap = ["--set", "0x860=0x8a0", "--set", "0x8a0=0x860"]
        for command in ["rewrite", image, *swap], ["convert", image, "--codec", "lz4"], \
                ["squash", image]:
            name = command[0]
            # dropped, and said so
            output = self.path(name + ".img")
            result = self.ok(*command, "-o", output, "--no-sync")
            self.assertIn(b"is signed, the result is not", result.stderr)
            self.assertIsNone(self.json("inspect", output)["signature"])
            record = self.json("inspect", output)["provenance"][-1]
            self.assertEqual(record["action"], name)
            self.assertEqual(record["signer"], self.json("inspect", image)["signature"]["key"])
            self.assertEqual(record["counter"], "7")

            # signed anew, with the source's counter or another one
            report = self.json(*command, "-o", output, "--no-sync", "--key", self.key)
            self.assertEqual(report["signature"]["counter"], "7")
            self.ok("verify", output, "--key", self.pub)
            self.ok(*command, "-o", output, "--no-sync", "--key", self.key, "--counter", 12)
            self.ok("verify", output, "--key", self.pub, "--min-counter", 12)

            # nobody vouches for what another one has signed without saying so
            other = [*command, "-o", self.path("n.img"), "--no-sync", "--key",
                     self.path("other.key")]
            self.refused(*other, says="--trust")
            self.assertFalse(os.path.exists(self.path("n.img")))
            self.ok(*other, "--trust", self.pub)
            os.unlink(self.path("n.img"))

    def test_a_changed_source_is_not_signed_again(self):
        image = self.signed()
        with open(image, "r+b") as file:
            file.seek(5000)
            file.write(b"\xee\xee")
        self.refused("convert", image, "-o", self.path("x.img"), "--codec", "lz4", "--key",
                     self.key, says="not those that were signed")
        self.assertFalse(os.path.exists(self.path("x.img")))

    def test_plan_reads_nothing_that_is_not_signed(self):
        image = self.signed()
        allowed = ["plan", image, "--key", self.pub, "--min-counter", 7, "--json"]
        self.assertEqual(capimg(*allowed).stdout, capimg("plan", self.image, "--json").stdout)
        self.assertEqual(capimg(*allowed).stderr, b"")
        self.refused("plan", image, "--key", self.path("other.pub"), says="signature.value")
        self.refused("plan", image, "--key", self.pub, "--min-counter", 8, says="signature.counter")
        self.refused("plan", self.image, "--key", self.pub, says="not signed")
        garbage = self.path("garbage")
        with open(garbage, "wb") as file:
            file.write(b"no image at all" * 100)
        self.refused("plan", garbage, "--key", self.pub, says="not signed")

    def test_a_signed_image_is_read_like_any_other(self):
        image = self.signed()
        for command in "inspect", "caps":
            plain, signed = self.json(command, self.image), self.json(command, image)
            signed.pop("signature", None)
            plain.pop("signature", None)
            self.assertEqual(plain, signed)
        self.ok("diff", self.image, image)

    def test_wrong_keys(self):
        out = ["-o", self.path("x.img")]
        self.refused("sign", self.image, "--key", self.pub, *out, says="this is a public key")
        self.refused("verify", self.image, "--key", self.key, says="this is a secret key")
        self.refused("sign", self.image, "--key", self.image, *out, says="too large")
        self.refused("sign", self.image, "--key", self.path("none"), *out, says="No such file")
        self.refused("rewrite", self.image, "--fresh", "0x1000", "--counter", 3, *out, says="--key")
        self.assertFalse(os.path.exists(self.path("x.img")))
