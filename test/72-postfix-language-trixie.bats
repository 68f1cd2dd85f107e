#!/usr/bin/env bats
# main.cf and master.cf, read by us and by the image's own postconf and master: both must
# come to the same names, values and services, or both must die.
# 72-postfix-language-bookworm.bats is this file by another name.

bats_require_minimum_version 1.5.0

setup_file() {
  load lib/stack
  BASE=$(base_of_file)
  CASES=$BATS_FILE_TMPDIR/cases
  UNIT=$(make -s print-ASAN)/unit
  export BASE CASES UNIT
  mkdir -p "$CASES"
  write_cases main "${main_cases[@]}"
  write_cases expression "${expression_cases[@]}"
  write_cases master "${master_cases[@]}"
  write_cases start "${start_cases[@]}"
  ask_postfix
}

# Entries of known parameters, for postconf prints no others.
main_cases=(
  'mail_name = b\n'
  'mail_name=b'
  'mail_name \t = \t b \t\n'
  'mail_name =\n'
  'mail_name = b # c\n'
  'mail_name = b = c\n'
  'mail_name = a  b\tc\n'
  'mail_name = b\n  c\n'
  'mail_name =\n\tb,\n\tc\n'
  'mail_name = b\n\n  c\n#x\n d\n'
  'mail_name = b\n   # x\n  c\n'
  'mail_name = b\n# x\nbiff = no\n'
  'mail_name = b\r\nbiff = no\r\n'
  'mail_name = b\n \t\n\v\f\n c\n'
  'mail_name = b\nmail_name = c\n'
  'mail_name = b\nbiff = no\nmail_name = c\n d\n'
  'mail_name\n = b\n'
  'mail_name = caf\xc3\xa9\n'
  '  mail_name = x\n  more\nbiff = no\n'
  '# x\n\n  # y\nmail_name = "b"\n'
  'mail_name = {b}\n#\n'
  'mail_name b\n'
  'mail_name\n'
  '= b\n'
  'biff = no\nmail_name b\n'
  'mail_name = b\n# c\n\td = e\n'
)

# Values that are expanded; each name in them is set here, or by nobody.
expression_cases=(
  'mail_name = $biff${biff}$(biff)\nbiff = no\n'
  'mail_name = $$biff $$\nbiff = no\n'
  'mail_name = ${ biff }\nbiff = no\n'
  'mail_name = ${biff?yes}${biff:no}\nbiff = no\n'
  'mail_name = ${biff?yes}${biff:no}\nbiff =\n'
  'mail_name = ${biff?{x}:{y}}\nbiff = no\n'
  'mail_name = ${biff ? { x } : {y}}\nbiff =\n'
  'mail_name = ${biff??b}\nbiff = no\n'
  'mail_name = ${biff?b:c}\nbiff = no\n'
  'mail_name = ${biff?{b}:c d}\nbiff =\n'
  'mail_name = ${{$biff} == {no} ? {yes} : {no}}\nbiff = no\n'
  'mail_name = ${{9} < {10}?{a}:{b}}${{9x} < {10}?{a}:{b}}${{09} == {9}?{a}}\n'
  'mail_name = ${{3.10} >=level {3.9}?{a}:{b}}${{3.10} >= {3.9}?{a}:{b}}\n'
  'mail_name = ${{3} <=level {3.0.0}}${{a} != {a}}\n'
  'mail_name = ${{${biff?{x}}} == {x} ? {yes}}\nbiff = no\n'
  'mail_name = ${biff?{${}}:{fine}}\nbiff =\n'
  'mail_name = $biff-$relayhost\nbiff = $relayhost.\nrelayhost = c\n'
  'mail_name = a$\n'
  'mail_name = ${biff\nbiff = no\n'
  'mail_name = $(biff}\nbiff = no\n'
  'mail_name = ${}\n'
  'mail_name = ${biff-x}\nbiff = no\n'
  'mail_name = ${biff?{b}c}\nbiff = no\n'
  'mail_name = ${biff?{b}:{c}d}\nbiff =\n'
  'mail_name = ${{a} ~ {b}?c}\n'
  'mail_name = ${{a} <size {b}?c}\n'
  'mail_name = ${{a} <level {b}?c}\n'
  'mail_name = ${{a} == b?c}\n'
  'mail_name = $mail_name\n'
  'mail_name = $biff\nbiff = x $mail_name\n'
)

# Services, by field and option.
master_cases=(
  'smtp inet n - n - - smtpd\n'
  'smtp\tinet  n\t- y 300? 1   smtpd -v\r\n'
  'smtp inet n - n - - smtpd\n  -o mail_name=b\n# x\n\n  -o biff=no\n'
  'a unix - - n - - smtp -omail_name=b -vo biff=no\n'
  'a unix - - n - - smtp -o mail_name= -o biff=no\n'
  'a unix - - n - - smtp -o { mail_name = b c }\n'
  'a unix - - n - - smtp -o {mail_name=b} -o { biff = {b}{c} }\n'
  'a unix - - n - - smtp -o mail_name={b c}d\n'
  'a unix - - n - - smtp -o mail_name=b -o mail_name=c\n'
  'a unix - - n - - smtp -o mail_name=b=c\n'
  'a unix - - n - - smtp -o mail_name="b\n'
  'a unix - - n - - smtp -- -o mail_name=b\n'
  'a unix - n n - - pipe flags=R -o mail_name=b\n'
  '[::1]:25 inet n - n - - smtpd\n127.0.0.1:smtp inet n - n - - smtpd\n'
  '  a unix - - n - - smtp\n  -o mail_name=b\nb unix - - n - - smtp\n'
)

# What master says of a file: it dies, or it is still there a second later.
start_cases=(
  'a unix n - n - - showq -o { mail_name = b }\n'
  '  a unix n - n - - showq {\n'
  'a unix n - n - -\n'
  'a tcp n - n - - showq\n'
  'a unix N - n - - showq\n'
  'a unix n - yes - - showq\n'
  'a unix n - n x - showq\n'
  'a unix n - n - x showq\n'
  'a unix n - n - - -\n'
  'a unix n - n - - showq { x\n'
  'a unix n - n - - showq {x}y\n'
  '2525 inet - - n - - showq\n'
  '[::1 inet n - n - - showq\n'
  '[::1]x25 inet n - n - - showq\n'
  'localhost: inet n - n - - showq\n'
  '25x inet n - n - - showq\n'
)

write_cases() {
  local kind=$1 number=0 text
  shift
  for text; do
    printf '%b' "$text" >"$CASES/$(printf '%s-%02d' "$kind" "$number")"
    number=$((number + 1))
  done
}

# ask_postfix: for each case a file .theirs, whose last line is what the program exited with.
# Files are made old: each reader of a young main.cf naps until it is none (postconf(5)).
ask_postfix() {
  local box=$MAILINIT_IMAGE:$BASE
  tar -C "$CASES" -c . | docker run --rm -i --network none --entrypoint sh "$box" -c '
    mkdir /tmp/cases /tmp/etc; cd /tmp/cases; tar -x
    for directory in pid public private; do
      install -d -o postfix /var/spool/postfix/$directory
    done
    for case in *; do
      : >/tmp/etc/main.cf; : >/tmp/etc/master.cf
      case $case in
        main-*|expression-*) cp $case /tmp/etc/main.cf ;;
        *) echo compatibility_level = 3.6 >/tmp/etc/main.cf; cp $case /tmp/etc/master.cf ;;
      esac
      touch -d "1 hour ago" /tmp/etc/*
      {
        case $case in
          main-*) postconf -c /tmp/etc -n ;;
          expression-*) postconf -c /tmp/etc -n -x ;;
          master-*) postconf -c /tmp/etc -P && postconf -c /tmp/etc -F | grep -v /command ;;
          start-*) /usr/lib/postfix/sbin/master -c /tmp/etc -d -e 1 ;;
        esac
        echo "exit $?"
      } >$case.theirs 2>/dev/null
    done
    tar -c *.theirs' | tar -C "$CASES" -x
}

# blanks: postconf prints each run of them as one
blanks() {
  sed 's/[[:space:]]\+/ /g'
}

# ours PROGRAM CASE: the same in our words
ours() {
  local status=0 output
  output=$("$UNIT/$1" "$2") || status=$?
  [ "$status" -le 1 ] || return "$status"
  [ -z "$output" ] || sort <<<"$output" | blanks
  echo "exit $status"
}

# compare KIND PROGRAM COUNT: case by case; where both die, what was printed before does not matter
compare() {
  local kind=$1 program=$2 count=0 case mine theirs
  for case in "$CASES/$kind"-[0-9][0-9]; do
    mine=$(ours "$program" "$case")
    theirs=$(sed -e '$d' -e '/^config_directory =/d' "$case.theirs" | sort | blanks
      tail -n 1 "$case.theirs")
    case $theirs in *"exit 1") theirs='exit 1' mine=${mine##*$'\n'} ;; esac
    if [ "$mine" != "$theirs" ]; then
      echo "case $(cat -A "$case")"
      echo "ours: $mine"
      echo "Postfix: $theirs"
      return 1
    fi
    count=$((count + 1))
  done
  [ "$count" = "$3" ]
}

@test "entries of main.cf are those of postconf" {
  compare main test_main_cf "${#main_cases[@]}"
}

@test "expanded values are those of postconf" {
  compare expression test_expression "${#expression_cases[@]}"
}

@test "fields and options of master.cf are those of postconf" {
  compare master test_master_cf "${#master_cases[@]}"
}

@test "what master dies of is what we call malformed" {
  local case mine
  for case in "$CASES"/start-[0-9][0-9]; do
    mine=$(ours test_master_cf "$case" | tail -n 1)
    if [ "$mine" != "$(tail -n 1 "$case.theirs")" ]; then
      echo "case $(cat -A "$case")"
      echo "ours: $mine"
      return 1
    fi
  done
}
