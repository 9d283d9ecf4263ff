#!/usr/bin/perl
# Signs and verifies with Net::OAuth; see README.md.
use strict;
use warnings;
use Digest::SHA qw(sha1_base64 sha256_base64);
use JSON::PP;
use MIME::Base64;
use Net::OAuth;
use Net::OAuth::ConsumerRequest;

Net::OAuth::ConsumerRequest->add_optional_message_params(qw(callback body_hash));

my $ask = decode_json(do { local $/; <STDIN> });
my %credential = (
    request_method  => 'POST',
    request_url     => $ask->{url},
    consumer_secret => $ask->{secret},
);
my %protocol = (
    consumer_key     => $ask->{key},
    signature_method => $ask->{method},
    timestamp        => '' . time,
    nonce            => join('', map { sprintf '%08x', rand 2**32 } 1 .. 4),
);

sub body_hash {
    my ($body) = @_;
    utf8::encode($body);
    my $hash = $ask->{method} eq 'HMAC-SHA256' ? sha256_base64($body) : sha1_base64($body);
    return $hash . '=' x (-length($hash) % 4);
}

my %do = (
    sign_form => sub {
        my $r = Net::OAuth::ConsumerRequest->new(%credential, %protocol, callback => 'about:blank', extra_params => $ask->{params});
        $r->sign;
        my %signed = (%{ $ask->{params} }, map { /^oauth_/ ? ($_ => $r->to_hash->{$_}) : () } keys %{ $r->to_hash });
        return { params => \%signed };
    },
    verify_form => sub {
        my $r = Net::OAuth::ConsumerRequest->from_hash($ask->{params}, %credential);
        return { valid => $r->verify && $r->consumer_key eq $ask->{key} ? JSON::PP::true : JSON::PP::false };
    },
    sign_body => sub {
        my $r = Net::OAuth::ConsumerRequest->new(%credential, %protocol, body_hash => body_hash($ask->{body}));
        $r->sign;
        return { authorization => $r->to_authorization_header('') };
    },
    sign_get => sub {
        my $r = Net::OAuth::ConsumerRequest->new(%credential, %protocol, request_method => 'GET');
        $r->sign;
        return { authorization => $r->to_authorization_header('') };
    },
    verify_body => sub {
        my $r = Net::OAuth::ConsumerRequest->from_authorization_header($ask->{authorization}, %credential);
        my $valid = $r->verify && $r->consumer_key eq $ask->{key} && $r->body_hash eq body_hash($ask->{body});
        return { valid => $valid ? JSON::PP::true : JSON::PP::false };
    },
);
my $work = $do{ $ask->{do} } or die "unknown: $ask->{do}\n";
print encode_json($work->());
