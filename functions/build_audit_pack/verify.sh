#!/bin/sh
# Checks the files beside it without network or other software: sh verify.sh
# It needs openssl, and works in the shells of Linux (busybox included), macOS and Git for Windows.
# The last line says INTACT (exit status 0), NOT INTACT (1) or why nothing was checked (2). The lines
# before it say what is not intact, what is not covered, and what to compare with what you got on
# another way.
ends=LF
[ "$ends" = LF ] || { echo "NOT CHECKED: verify.sh has line ends of Windows: unpack it anew"; exit 2; } #

# However it was started.
export LC_ALL=C
unset CDPATH GLOBIGNORE GREP_OPTIONS
set +efu
[ -z "$ZSH_VERSION" ] || emulate sh
[ -z "$BASH_VERSION" ] || shopt -u failglob nullglob dotglob nocaseglob nocasematch
cannot() { echo "NOT CHECKED: $1"; exit 2; }
[ ! -h "$0" ] || cannot "$0 is a link: start the script that lies in the pack"
case $0 in */*) folder=${0%/*}/ ;; *) folder=./ ;; esac
cd -- "$folder" || cannot "there is no way into $folder"
[ -f verify.sh ] || cannot "no pack lies in $PWD: start the script there"
command -v openssl >/dev/null || cannot "openssl is missing"
# Signals end the script by its end, where its temporary files go.
work=
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
work=$(mktemp -d) || cannot "no room for temporary files"

broken=
# A file may have any name, and a line of the trail any length.
say() { printf '%s\n' "$(printf '%s' "$1" | tr -c '[:print:]' '?' | cut -c 1-300)"; }
fault() { say "$1"; broken=1; }
verdict() {
  [ "$broken" ] || { echo "INTACT"; exit 0; }
  echo "If that is unexpected: unpack anew into an empty folder, with no option that changes line ends."
  echo "NOT INTACT"
  exit 1
}
sha256() { openssl dgst -sha256 -r | cut -c 1-64; }
value() { grep -o "\"$1\":\"[0-9a-f]\{64\}\"" | cut -d'"' -f4; }
is_signed() { openssl dgst -sha256 -verify "$work/key" -signature "$1" >/dev/null 2>&1; }
# With a newline at the end of each line, also of the last one.
lines() { grep '' "$@"; }

# Before any file is read: what is no plain file may have no end.
odd=
for file in * .[!.]* ..?*; do
  { [ -e "$file" ] || [ -h "$file" ]; } || continue
  case $file in
    .DS_Store | ._* | Thumbs.db | desktop.ini | __MACOSX)
      say "Not covered: $file, which is no part of the pack. Computers put such files beside others." ;;
    VERIFY.md | verify.sh | manifest.json | manifest.sig | trail.sig | public-key.pem | \
      audit.jsonl | summary.pdf | summary.sig | witness.jsonl | tampering.jsonl | \
      manifest.tsr | authority.pem | sheet.*)
      if [ ! -f "$file" ] || [ -h "$file" ]; then
        fault "$file is no file but a folder or a link"
        odd=1
      fi ;;
    *) fault "$file is no part of a pack: nothing here is said of it" ;;
  esac
done
[ -z "$odd" ] || verdict

# One key, whatever else stands in the file: that which is printed is that which is used.
openssl pkey -pubin -in public-key.pem -out "$work/key" >/dev/null 2>&1

# All hashes are taken from what was signed. Quotes in JSON texts are escaped, so that "sha256":" can
# only be the name of a field.
is_signed manifest.sig < manifest.json || fault "manifest.json is not what was signed"
manifest=$(sha256 < manifest.json) decision="\"finalization.manifestSha256\",\"new\":\"$manifest\""
is_of_the_first_release() { grep -q '"manifestVersion":1,' manifest.json; }

# The ending says how a computer opens it.
ending_of() {
  case $1 in
    application/pdf) echo pdf ;;
    image/jpeg) echo jpg ;;
    image/png | image/webp | image/heic) echo "${1#image/}" ;;
    image/tiff) echo tif ;;
    *) echo bin ;;
  esac
}
ending=$(ending_of "$(grep -o '"contentType":"[^"]*' manifest.json | cut -d'"' -f4)")
sheets=0
for file in sheet.*; do
  [ -f "$file" ] || continue
  sheets=$((sheets + 1))
  if [ "$file" != "sheet.$ending" ]; then
    fault "$file is called sheet.$ending in a pack"
  elif [ "$(sha256 < "$file")" != "$(value sha256 < manifest.json)" ]; then
    fault "$file is not the sheet that manifest.json names"
  fi
done
[ "$sheets" = 1 ] || fault "there is not one sheet here but $sheets"

# The summary names its manifest where no text of a person can stand: a bracket in one is escaped.
# It has to be a PDF, because in a manifest it is not, and the same key signs both.
if [ -e summary.sig ] || ! is_of_the_first_release; then
  { is_signed summary.sig < summary.pdf && [ "$(head -n 1 summary.pdf | cut -c 1-5)" = "%PDF-" ] &&
    grep -q -F "/Subject (manifest $manifest)" summary.pdf; } ||
    fault "summary.pdf is not the summary that was signed of manifest.json"
else
  echo "Not covered: a summary, because the first release signed none."
fi

grep '"action":"SIGNED"' audit.jsonl | tr -d '\n' | is_signed trail.sig ||
  fault "audit.jsonl has not the end that was signed"

head=$(value auditHead < manifest.json)
previous=$(printf '%064d' 0) reached=
# A file for each line: shells read byte by byte, which takes a minute for a long trail.
split -l 1 -a 4 audit.jsonl "$work/entry." || fault "audit.jsonl could not be read to its end"
for entry in "$work"/entry.*; do
  [ "$(value previous < "$entry")" = "$previous" ] ||
    fault "audit.jsonl: an entry before this one was changed or removed: $(cut -c 1-60 "$entry")"
  [ "$previous" = "$head" ] && grep -q "$decision" "$entry" && reached=1
  previous=$(tr -d '\n' < "$entry" | sha256)
done
[ "$reached" ] || fault "audit.jsonl does not lead to manifest.json"

[ ! -e tampering.jsonl ] || fault "tampering.jsonl tells of changes that this software never makes"
notes=$(cat tampering.jsonl 2>/dev/null | grep -c '')
later=$(sed '1,/"action":"SIGNED"/d' audit.jsonl | grep -c '')
echo "Not covered: entries after the signature (here $later) and notes of tampering (here $notes)." \
  "That none was taken out, changed or added, only a new pack shows."

# From the first entry on that the witness saw, at the latest the decision, the trail is what it saw.
if [ -e witness.jsonl ] || ! is_of_the_first_release; then
  seen=$(grep -c '' witness.jsonl)
  [ "$(tail -n "${seen:-0}" audit.jsonl | lines | sha256)" = "$(lines witness.jsonl | sha256)" ] || {
    fault "audit.jsonl is not what the witness saw"
    lines witness.jsonl | grep -v -x -F -f audit.jsonl |
      while IFS= read -r entry; do say "  gone, or another: $entry"; done
    tail -n "${seen:-0}" audit.jsonl | grep -v -x -F -f witness.jsonl |
      while IFS= read -r entry; do say "  never seen: $entry"; done
  }
  grep -q "$decision" witness.jsonl || is_of_the_first_release ||
    fault "witness.jsonl lacks the entry of the decision"
else
  echo "Not covered: entries of audit.jsonl after the signature, because there was no witness yet."
fi

# What is counted with has to be made of digits: bash runs commands that stand in a number.
digits='[0-9][0-9]'
is_one() { [ "$(printf '%s\n' "$1" | grep -c '')" = 1 ] && printf '%s\n' "$1" | grep -q -x "$2"; }
# Seconds since 1970 of a year, month, day, hour, minute and second.
seconds() {
  year=$1 month=${2#0} day=${3#0}
  [ "$month" -gt 2 ] || { year=$((year - 1)) month=$((month + 12)); }
  day=$((year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 - 457) / 5 + day - 719469))
  echo $(((day * 24 + ${4#0}) * 3600 + ${5#0} * 60 + ${6#0}))
}
# The same of such as: Nov 27 09:15:16 2026 GMT
seconds_of() {
  months=JanFebMarAprMayJunJulAugSepOctNovDec
  before=${months%%"$1"*}
  seconds "$4" $((${#before} / 3 + 1)) "$2" $(printf %.8s "$3" | tr ':' ' ')
}
# The only text in a stamp that anybody but the authority can choose stands outside of the token.
token() { openssl ts -reply -in "$work/token" -token_in -text 2>/dev/null; }
# By one certificate alone, over the SHA-256 of the manifest.
is_stamped_by() {
  root=$1
  shift
  openssl ts -verify -digest "$manifest" -in "$work/token" -token_in -CAfile "$root" \
    -untrusted "$work/chain" "$@" >/dev/null 2>&1
}
# A file for each certificate, as openssl reads them, whatever else stands in authority.pem.
split_roots() {
  roots=0
  openssl crl2pkcs7 -nocrl -certfile authority.pem 2>/dev/null |
    openssl pkcs7 -print_certs >"$work/roots" 2>/dev/null
  while IFS= read -r line; do
    case $line in -----BEGIN\ *) roots=$((roots + 1)) ;; esac
    printf '%s\n' "$line" >>"$work/root.$roots"
  done < "$work/roots"
}

if [ -e manifest.tsr ] && [ -e authority.pem ]; then
  openssl ts -reply -in manifest.tsr -token_out -out "$work/token" >/dev/null 2>&1
  openssl pkcs7 -inform DER -in "$work/token" -print_certs >"$work/chain" 2>/dev/null
  stamped=$(token | grep '^Time stamp: ' | cut -c 13-)
  finalized=$(grep -o '"finalizedAt":"[^"]*' manifest.json | cut -d'"' -f4)
  say "Finalized at $finalized by the company's clock, stamped at $stamped by the authority's."
  is_one "$stamped" "[A-Z][a-z][a-z] [ 0-9][0-9] $digits:$digits:$digits[.0-9]* [12][0-9]$digits GMT" || {
    fault "manifest.tsr does not tell one time"
    stamped="Jan 1 00:00:00 1970 GMT"
  }
  is_one "$finalized" "[12][0-9]$digits-$digits-${digits}T$digits:$digits:$digits[.0-9]*Z" || {
    fault "manifest.json does not tell one time of finalizing"
    finalized="1970-01-01T00:00:00Z"
  }
  second=$(seconds_of $stamped)
  # Two clocks are a minute apart at most, and stamping is tried for ten days.
  late=$((second - $(seconds $(printf %.19s "$finalized" | tr 'T:-' '   '))))
  [ "$late" -ge -60 ] || fault "the time stamp is older than the decision by $((-late)) seconds"
  [ "$late" -le 864000 ] || fault "the time stamp is $((late / 86400)) days after the decision"
  split_roots
  trusted=0 number=0
  while [ "$number" -lt "$roots" ]; do
    number=$((number + 1))
    # Certificates have to be valid at the time of the stamp. LibreSSL knows today alone.
    is_stamped_by "$work/root.$number" ||
      is_stamped_by "$work/root.$number" -attime "$second" || continue
    trusted=$((trusted + 1))
    echo "Compare: the time-stamp authority's certificate has SHA-256" \
      "$(openssl x509 -in "$work/root.$number" -outform DER 2>/dev/null | sha256)"
  done
  [ "$trusted" -gt 0 ] ||
    fault "manifest.tsr is no time stamp of manifest.json by the authority in authority.pem"
  [ "$trusted" = "$roots" ] ||
    echo "Not covered: other certificates in authority.pem, which are not the stamp's, $((roots - trusted))."
elif [ -e manifest.tsr ] || [ -e authority.pem ]; then
  fault "manifest.tsr and authority.pem belong together, and one is missing"
else
  echo "Not covered: the time of finalizing is the company's word, because there is no time stamp."
fi
echo "Not covered: VERIFY.md, and verify.sh itself: compare it with the one that the company gives out."
echo "Compare: the company's key has SHA-256" \
  "$(openssl pkey -pubin -in "$work/key" -outform DER 2>/dev/null | sha256)"

# Only a field can stand there: in a text of a person the quotes are escaped.
release=$(grep -o '"release":{[^}]*}' manifest.json)
named() { printf '%s' "$release" | grep -o "\"$1\":\"[^\"]*" | cut -d'"' -f4; }
case $(named version) in
  '' | unknown) echo "Not covered: which software decided, because it did not know or not say." ;;
  *)
    say "Compare: version $(named version) of the software decided; VERIFY.md says how it is built"
    say "Compare: its function has SHA-256 $(named functionSha256)"
    say "Compare: its layer has SHA-256 $(named layerSha256)" ;;
esac

verdict
