"""What `feedmill doctor` says of the settings of fetching."""

import json

import pytest


def finding(place, name):
    result = place.feedmill("doctor", "--json")
    told = [one for one in json.loads(result.stdout)["findings"] if one["name"] == name]
    return result.exit_code, (told[0] if told else None)


def test_nothing_is_said_of_what_is_not_set(place):
    place.store().close()
    names = {one["name"] for one in place.json("doctor")["findings"]}
    assert names.isdisjoint({"contact", "hosts file", "addresses", "public address"})


def test_feeds_without_a_contact_are_a_warning_and_no_failure(place, monkeypatch):
    place.feedmill("feeds", "add", "https://news.example/feed.xml")
    code, told = finding(place, "contact")
    assert code == 0
    assert told["warning"] is True
    assert "1 feed subscribed" in told["says"]
    assert "FEEDMILL_CONTACT" in told["says"]
    assert "warning  contact" in place.feedmill("doctor").stdout
    monkeypatch.setenv("FEEDMILL_CONTACT", "desk@news.example")
    assert finding(place, "contact") == (0, None)


@pytest.mark.parametrize(
    "address", ["feedmill.example.org", "ftp://feedmill.example.org", "https://", "http://["]
)
def test_a_public_address_that_is_none_is_a_problem(place, monkeypatch, address):
    monkeypatch.setenv("FEEDMILL_PUBLIC_URL", address)
    code, told = finding(place, "public address")
    assert code == 1
    assert f"FEEDMILL_PUBLIC_URL={address}" in told["says"]
    monkeypatch.setenv("FEEDMILL_PUBLIC_URL", "https://feedmill.example.org/hooks")
    assert finding(place, "public address") == (0, None)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("FEEDMILL_ALLOW_ADDRESSES", "my network"), ("FEEDMILL_ALLOW_PORTS", "http")],
)
def test_networks_and_ports_that_cannot_be_used_are_a_problem(place, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    code, told = finding(place, "addresses")
    assert code == 1
    assert variable in told["says"]
    assert told["cure"]


def test_a_hosts_file_is_read_and_what_is_wrong_with_it_is_named(place, tmp_path, monkeypatch):
    path = tmp_path / "hosts.toml"
    monkeypatch.setenv("FEEDMILL_HOSTS_FILE", str(path))
    code, told = finding(place, "hosts file")
    assert code == 1
    assert str(path) in told["says"]
    path.write_text('["news.example"]\ndelay = "long"\npassword = "hidden-word"\n')
    code, told = finding(place, "hosts file")
    assert code == 1
    assert "news.example" in told["says"]
    assert "hidden-word" not in told["says"]
    path.write_text('["news.example"]\ndelay = 5\n')
    code, told = finding(place, "hosts file")
    assert (code, told["ok"]) == (0, True)
