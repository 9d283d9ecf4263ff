<?php
// What both peers share; see ../README.md. LTI_PHP is a checkout of LTI-PHP,
// PEER_DB the SQLite file of this peer.
declare(strict_types=1);

use ceLTIc\LTI\DataConnector\DataConnector;

error_reporting(E_ALL & ~E_DEPRECATED);
spl_autoload_register(function (string $class): void {
    $file = getenv('LTI_PHP') . '/src/' . str_replace('\\', '/', substr($class, strlen('ceLTIc\\LTI\\'))) . '.php';
    if (str_starts_with($class, 'ceLTIc\\LTI\\') && is_file($file)) {
        require $file;
    }
});

function database(): PDO
{
    $new = !is_file(getenv('PEER_DB'));
    $db = new PDO('sqlite:' . getenv('PEER_DB'), null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    if ($new) {
        // The file misspells the name of a table.
        $db->exec(str_replace('lti2_cosnumer', 'lti2_consumer', file_get_contents(getenv('LTI_PHP') . '/sql/lti4-tables-sqlite.sql')));
        $db->exec('CREATE TABLE grades (sourcedid TEXT PRIMARY KEY, score TEXT)');
    }
    return $db;
}

function connector(PDO $db): DataConnector
{
    return DataConnector::getDataConnector($db);
}

function answer(mixed $data): never
{
    header('Content-Type: application/json');
    echo json_encode($data);
    exit;
}
